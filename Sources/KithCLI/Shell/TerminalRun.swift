import ArgumentParser
import Glibc
import KithAPI
import KithClient
import Synchronization

/// Joins the terminal of this process with one on a node: keys up, screen down, window sizes across; through lost
/// links, until that terminal ends or the person leaves it.
struct TerminalRun: Sendable {
    /// How it came to an end.
    enum Outcome: Sendable {
        case ended(CommandEnd)
        case left
        case signalled(Int32)
    }

    /// Errors after which the terminal is there all the same.
    private static let passing: Set<ErrorCode> = [
        .linkLost, .unavailable, .peerOffline, .daemonNotRunning, .timedOut,
    ]
    /// Seconds between attempts to come back: 1, 2, 3, 4, 5, 5, …
    private static let longestPause = 5

    let client: KithClient
    let target: KithClient.Target
    let keys: EscapeKey
    var isReadOnly = false
    /// Whether the whole screen is the terminal's; otherwise a program just goes on in it.
    var ownsScreen = true
    /// What begins it.
    let opening: @Sendable (TerminalSize) -> any Pipe
    /// What takes it up again after its link was lost, from its job and the cursor in its output.
    let resumption: @Sendable (JobID, Int, TerminalSize) -> any Pipe

    private let link = TerminalLink()
    private let keyboard = StandardInput()

    init(
        client: KithClient, target: KithClient.Target, keys: EscapeKey,
        opening: @escaping @Sendable (TerminalSize) -> any Pipe,
        resumption: @escaping @Sendable (JobID, Int, TerminalSize) -> any Pipe
    ) {
        self.client = client
        self.target = target
        self.keys = keys
        self.opening = opening
        self.resumption = resumption
    }

    /// Runs to the end; `terminal` is given back before an answer or an error.
    func run(in terminal: RawTerminal) async throws -> (Outcome, JobID?) {
        defer {
            if screen.isTaken { try? Descriptor.standardOutput.write(TerminalReset.after(RawTerminal.size)) }
            terminal.restore()
        }
        return try await run()
    }

    private func run() async throws -> (Outcome, JobID?) {
        let signals = Signals([SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT])
        defer { signals.cancel() }
        let received = signals.stream
        return try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask { try await connection() }
            group.addTask { try await typing() }
            group.addTask { await pass(received) }
            defer { group.cancelAll() }
            while let outcome = try await group.next() {
                if let outcome { return (outcome, await link.jobID) }
            }
            throw KithError(.internalError, "The terminal ended without a result.")
        }
    }

    // MARK: The connection

    private func connection() async throws -> Outcome? {
        var request = opening(RawTerminal.size)
        while true {
            do {
                return .ended(try await join(request))
            } catch let error as KithError where Self.passing.contains(error.code) {
                guard let id = await link.jobID else { throw error }
                await link.disconnect()
                try await pause()
                request = resumption(id, await link.cursor, RawTerminal.size)
            }
        }
    }

    private func join(_ request: some Pipe) async throws -> CommandEnd {
        try await client.pipe(request, on: target) { pipe in
            await link.connect(pipe)
            while let frame = try await pipe.receive() {
                switch frame.kind {
                case .data, .extra:
                    await link.received(frame.payload.count)
                    try await Descriptor.standardOutput.stream(frame.payload)
                case .event: try await hear(try frame.decode(CommandNews.self))
                case .end: return try frame.decode(CommandEnd.self)
                default: break
                }
            }
            throw KithError.linkLost("The link was lost before the terminal ended.")
        }
    }

    private func hear(_ news: CommandNews) async throws {
        await link.take(news)
        if ownsScreen, news.jobID != nil, screen.take() {
            try Descriptor.standardOutput.write(TerminalReset.before(RawTerminal.size))
        }
        guard let seconds = news.waitsForApproval else { return }
        let text = "kith: The owner of \(name) is asked, for at most \(seconds) s."
        try Descriptor.standardOutput.write(TerminalReset.note(text, RawTerminal.size))
    }

    /// Waits before the next attempt, and says so on the last line.
    private func pause() async throws {
        let seconds = await attempts.next(atMost: Self.longestPause)
        for left in (1...seconds).reversed() {
            let leaving = keys.letter == nil ? "Ctrl-C leaves." : "Ctrl-C or \(keys.text) D leaves."
            let text = "kith: The link to \(name) is lost; trying again in \(left) s. \(leaving)"
            try Descriptor.standardOutput.write(TerminalReset.note(text, RawTerminal.size))
            try await Task.sleep(for: .seconds(1))
        }
    }

    private let attempts = Attempts()
    private let screen = ScreenClaim()

    private var name: String {
        guard case .peer(let name) = target else { return "the daemon" }
        return name.escaped
    }

    // MARK: Keys and windows

    private func typing() async throws -> Outcome? {
        await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            var keys = EscapeKeys(keys)
            while let typed = await keyboard.piece() {
                for action in keys.receive(typed) {
                    guard case .send(let bytes) = action else { return .left }
                    if bytes.contains(0x03) {
                        // Nobody there would hear it: the link is lost, or the owner is still asked.
                        if await link.isUnheard { return .left }
                        group.addTask { await lookForOtherSide() }
                    }
                    if !isReadOnly { await link.type(bytes) }
                }
            }
            // Standard input is gone: whoever sat there is, too.
            return Task.isCancelled ? nil : .left
        }
    }

    /// After a Ctrl-C: where nobody answers, the next one leaves.
    private func lookForOtherSide() async {
        guard await !client.isAnswering(target), !Task.isCancelled else { return }
        await link.doubt()
        let text = "kith: \(name) does not answer. Ctrl-C again leaves."
        try? Descriptor.standardOutput.write(TerminalReset.note(text, RawTerminal.size))
    }

    private func pass(_ signals: AsyncStream<Int32>) async -> Outcome? {
        for await signal in signals {
            guard signal == SIGWINCH else { return .signalled(signal) }
            if let frame = try? Frame(.event, json: CommandWord(size: RawTerminal.size)) { await link.send(frame) }
        }
        return nil
    }
}

/// Whether the person's screen has been taken over.
private final class ScreenClaim: Sendable {
    private let state = Mutex(false)

    var isTaken: Bool { state.withLock { $0 } }

    /// Takes it; false if it was taken before.
    func take() -> Bool {
        state.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }
}

/// Counts attempts to come back, for growing pauses.
private actor Attempts {
    private var count = 0

    func next(atMost limit: Int) -> Int {
        count += 1
        return min(count, limit)
    }
}
