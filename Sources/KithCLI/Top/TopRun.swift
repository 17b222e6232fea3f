import FoundationEssentials
import Glibc
import KithAPI
import KithClient

/// Shows the node on the terminal of this process until somebody leaves.
struct TopRun: Sendable {
    let client: KithClient
    let colours: Bool

    /// Between two pictures there is at least this.
    private static let pause = Duration.milliseconds(100)
    /// Errors after which the daemon may be there again.
    private static let passing: Set<ErrorCode> = [
        .daemonNotRunning, .linkLost, .unavailable, .timedOut, .protocolViolation,
    ]

    /// Runs until somebody leaves; answers the signal that said so, if it was one.
    ///
    /// - Throws: ``KithError`` where there is no daemon to begin with, or none that knows the question.
    func run() async throws -> Int32? {
        let first = try await first()
        let signals = Signals([SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT])
        defer { signals.cancel() }
        guard let terminal = RawTerminal() else { throw RawTerminal.missing("Run `kith status`.") }
        let stage = TopStage(
            TopModel(overview: first, at: Date(), now: Date(), size: RawTerminal.size), colours: colours)
        defer { stage.leave(terminal) }
        return try await withThrowingTaskGroup(of: Leave?.self) { group in
            group.addTask { try await follow(stage) }
            group.addTask { await type(stage) }
            group.addTask { await hear(signals.stream, stage) }
            group.addTask { await tick(stage) }
            group.addTask { await stage.paint(on: terminal, every: Self.pause) }
            defer { group.cancelAll() }
            while let leave = try await group.next() {
                if let leave { return leave.signal }
            }
            return nil
        }
    }

    /// That somebody leaves.
    private struct Leave: Sendable {
        var signal: Int32?
    }

    private func first() async throws -> NodeOverview {
        for try await overview in client.feed(WatchNode(once: true)) { return overview }
        throw KithError.linkLost("The daemon said nothing.")
    }

    /// Follows the daemon; when it is lost, tries again: after 0.25 s, 0.5 s, 1 s, then every two seconds.
    private func follow(_ stage: TopStage) async throws -> Leave? {
        var wait = Duration.milliseconds(250)
        while true {
            do {
                for try await overview in client.feed(WatchNode()) {
                    stage.update { $0.take(overview) }
                    wait = .milliseconds(250)
                }
                stage.update { $0.lose("The daemon said goodbye.") }
            } catch let error as KithError where Self.passing.contains(error.code) {
                stage.update { $0.lose([error.message, error.hint].compactMap { $0 }.joined(separator: " ")) }
            }
            try await Task.sleep(for: wait)
            wait = min(wait * 2, .seconds(2))
        }
    }

    private func type(_ stage: TopStage) async -> Leave? {
        let keyboard = StandardInput()
        while let typed = await keyboard.piece() {
            // q, Q, Ctrl-C, Ctrl-D
            if typed.contains(where: { [0x71, 0x51, 0x03, 0x04].contains($0) }) { return Leave() }
            if typed.contains(0x0C) { stage.redraw() }
            if typed.contains(0x1A) { stage.suspend() }
            if typed.contains(UInt8(ascii: "?")) { stage.update { $0.showsKeys.toggle() } }
        }
        // Standard input is gone: whoever sat there is, too.
        return Task.isCancelled ? nil : Leave()
    }

    private func hear(_ signals: AsyncStream<Int32>, _ stage: TopStage) async -> Leave? {
        for await signal in signals {
            switch signal {
            case SIGTSTP: stage.suspend()
            case SIGWINCH, SIGCONT:
                stage.update { $0.size = RawTerminal.size }
                signal == SIGCONT ? stage.begin() : stage.redraw()
            default: return Leave(signal: signal)
            }
        }
        return nil
    }

    /// Lets the spans of time grow.
    private func tick(_ stage: TopStage) async -> Leave? {
        while (try? await Task.sleep(for: .seconds(1))) != nil { stage.update { _ in } }
        return nil
    }
}

extension TopModel {
    /// That the daemon said how everything is.
    mutating func take(_ overview: NodeOverview) {
        (self.overview, at, lost) = (overview, Date(), nil)
    }

    /// That it does not answer.
    mutating func lose(_ reason: String) {
        lost = Lost(since: lost?.since ?? Date(), reason: reason)
    }
}
