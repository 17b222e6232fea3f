import ArgumentParser
import Glibc
import KithAPI

/// One connection to a running command: input up, output down, words across.
struct CommandLink: Sendable {
    /// How a connection came to its good end.
    enum Outcome: Sendable {
        case ended(CommandEnd)
        /// The person lets the command run on alone.
        case detached
        /// The same, but the other side did not say that it has heard it.
        case unheard
        /// The person ends it.
        case left(ExitCode)
    }

    let pipe: Duplex
    let progress: ExecProgress
    let feed: InputFeed
    let interruptions: Interruptions
    let output: Output
    /// What is asked of the other side, for messages.
    let peer: String
    /// Whether the other side answers within a second.
    let isAnswering: @Sendable () async -> Bool

    /// How long the other side may take to let go of the command.
    private static let patience = Duration.seconds(1)

    /// Passes everything until the command has ended or the person has enough.
    func run() async throws -> Outcome {
        await interruptions.begin()
        await interruptions.areHeard(true)
        do {
            let outcome = try await linked()
            await interruptions.areHeard(false)
            return outcome
        } catch {
            await interruptions.areHeard(false)
            throw error
        }
    }

    private func linked() async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask { try await receive() }
            group.addTask { try await pass() }
            defer { group.cancelAll() }
            while let first = try await group.next() {
                if let outcome = first { return outcome }
            }
            throw KithError(.internalError, "The command ended without a result.")
        }
    }

    // MARK: Down

    /// Input begins when the other side has said how much it has.
    private func receive() async throws -> Outcome? {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            while let frame = try await pipe.receive() {
                switch frame.kind {
                case .data: try await write(frame.payload, to: .standardOutput)
                case .extra: try await write(frame.payload, to: .standardError)
                case .event:
                    let news = try frame.decode(CommandNews.self)
                    try await hear(news)
                    if news.jobID != nil {
                        if await progress.isDetaching { return .detached }
                        await feed.begin(afterTaking: news.inputTaken ?? 0)
                        group.addTask { await input() }
                    }
                case .end: return .ended(try frame.decode(CommandEnd.self))
                case .open, .failure: break
                }
            }
            throw KithError.linkLost("The link was lost before the command ended.")
        }
    }

    private func write(_ bytes: [UInt8], to descriptor: Descriptor) async throws {
        try await descriptor.stream(bytes)
        await progress.wrote(bytes.count)
    }

    private func hear(_ news: CommandNews) async throws {
        if let seconds = news.waitsForApproval {
            output.note("kith: \(peer) asks its owner first; waiting for up to \(seconds) s.")
        }
        let lost = await progress.hear(news)
        if lost > 0 { output.note("kith: \(Measure.bytes(lost)) of output are no longer kept.") }
        if let taken = news.inputTaken { await feed.acknowledge(taken) }
    }

    // MARK: Up

    /// What cannot be sent any more is no failure, since the other direction says why.
    private func input() async {
        while let piece = await feed.next() {
            let frame: Frame =
                switch piece {
                case .bytes(let bytes): Frame(.data, bytes)
                case .end: Frame(.end)
                }
            guard (try? await pipe.send(frame)) != nil else { return }
        }
    }

    private func pass() async throws -> Outcome? {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            while let word = await interruptions.next() {
                switch word {
                // Nothing runs yet: hanging up takes the request back, and the owner is asked no longer.
                case .pass(let signal) where await progress.job == nil:
                    return .left(ExitCode(128 + (signal == .interrupt ? SIGINT : SIGTERM)))
                case .pass(let signal): group.addTask { await pass(signal) }
                case .detach: return try await detach()
                case .leave(let code): return .left(ExitCode(code))
                }
            }
            return nil
        }
    }

    /// Sends the signal, and looks whether anybody is there to hear of it.
    private func pass(_ signal: CommandSignal.Name) async {
        async let isThere = isAnswering()
        try? await pipe.send(Frame(.event, json: CommandWord(signal: signal)))
        guard await !isThere, !Task.isCancelled else { return }
        await interruptions.doubt()
        output.note("kith: \(peer) does not answer. Ctrl-C again leaves.")
    }

    /// Lets the command run on alone. The other side says when it is so; hanging up before would end the command.
    private func detach() async throws -> Outcome {
        await progress.detach()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await pipe.send(Frame(.event, json: CommandWord.detach)) }
            defer { group.cancelAll() }
            try await Task.sleep(for: Self.patience)
            return .unheard
        }
    }
}
