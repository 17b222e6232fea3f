import ArgumentParser
import Glibc
import KithAPI
import KithClient

/// Streams one command: input up, output down, signals across, and its exit code at the end.
struct ExecRun {
    let session: Session
    let target: KithClient.Target

    /// Runs `request` to its end; answers the code to leave with.
    func run(_ request: StreamCommand) async throws -> ExitCode {
        let signals = Signals([SIGINT, SIGTERM])
        defer { signals.cancel() }
        let received = signals.stream
        let progress = ExecProgress()
        do {
            return try await session.client.pipe(request, on: target) { pipe in
                try await Self.first([
                    { try await output(of: pipe, progress) },
                    { try await input(to: pipe) },
                    { try await pass(received, to: pipe) },
                ])
            }
        } catch let error as KithError {
            guard await progress.hasStarted(given: error) else { throw error }
            _ = Failure(error).report(.people)
            return ExitCode(255)
        }
    }

    /// The code of the first that ends with one; the others are cancelled.
    private static func first(_ parts: [@Sendable () async throws -> ExitCode?]) async throws -> ExitCode {
        try await withThrowingTaskGroup(of: ExitCode?.self) { group in
            for part in parts { group.addTask(operation: part) }
            defer { group.cancelAll() }
            while let code = try await group.next() {
                if let code { return code }
            }
            throw KithError(.internalError, "The command ended without a result.")
        }
    }

    @Sendable private func output(of pipe: Duplex, _ progress: ExecProgress) async throws -> ExitCode? {
        while let frame = try await pipe.receive() {
            switch frame.kind {
            case .data:
                await progress.sawOutput()
                try await Descriptor.standardOutput.stream(frame.payload)
            case .extra:
                await progress.sawOutput()
                try await Descriptor.standardError.stream(frame.payload)
            case .end:
                let end = try frame.decode(CommandEnd.self)
                if end.timedOut { try Descriptor.standardError.write(Array("kith: The command's time was up.\n".utf8)) }
                return ExitCode(remote: end.exitCode)
            default: break
            }
        }
        throw KithError.linkLost("The link was lost before the command ended.")
    }

    /// Ends without a code: a command whose input is over runs on. What cannot be sent any more is no
    /// failure either, since the other direction says why.
    @Sendable private func input(to pipe: Duplex) async throws -> ExitCode? {
        let input = StandardInput()
        while let piece = await input.piece() {
            guard (try? await pipe.send(Frame(.data, piece))) != nil else { return nil }
        }
        if !Task.isCancelled { try? await pipe.send(Frame(.end)) }
        return nil
    }

    /// The first interrupt is the command's; the second is ours, and closing the connection ends the command.
    @Sendable private func pass(_ signals: AsyncStream<Int32>, to pipe: Duplex) async throws -> ExitCode? {
        var seen: Set<Int32> = []
        for await signal in signals {
            guard seen.insert(signal).inserted else { return ExitCode(128 + signal) }
            let event = CommandSignal(signal == SIGINT ? .interrupt : .terminate)
            try? await pipe.send(Frame(.event, json: event))
        }
        return nil
    }
}

/// Whether the remote command is known to have run when something failed.
actor ExecProgress {
    private var hasOutput = false

    /// The command has printed something.
    func sawOutput() { hasOutput = true }

    /// Whether the command was running when `error` came: it had printed, the link was lost under it, or
    /// the other side names its job.
    func hasStarted(given error: KithError) -> Bool {
        hasOutput || error.code == .linkLost || error.details?["jobID"] != nil
    }
}
