import ArgumentParser
import KithAPI
import KithClient

/// Streams one command, over as many connections as it takes, and says the exit code at the end.
///
/// When a link is lost the command waits; it is reached again by itself, for a minute, and its output goes on exactly
/// where it stopped.
struct ExecRun {
    /// How long a lost command is looked for.
    static let patience = Duration.seconds(60)

    let session: Session
    let target: KithClient.Target
    private let progress = ExecProgress()
    private let feed: InputFeed
    private let interruptions = Interruptions()

    /// A run on `target`, whose command reads our standard input unless `input` is nil.
    init(session: Session, target: KithClient.Target, input: StandardInput? = StandardInput()) {
        self.session = session
        self.target = target
        feed = InputFeed(input)
    }

    /// Runs `request` to its end; answers the code to leave with.
    func run(_ request: StreamCommand) async throws -> ExitCode {
        let bound = StartBound(seconds: request.timeoutSeconds, peer: name) { await progress.isAwaited }
        return try await bound.keep {
            try await watch(leads: true) { link in try await session.client.pipe(request, on: target, link) }
        }
    }

    /// Joins a job that runs, without leading it.
    func join(_ request: AttachJob) async throws -> ExitCode {
        await progress.watch(request.jobID, from: request.cursor ?? 0)
        return try await watch(leads: false) { link in try await session.client.pipe(request, on: target, link) }
    }

    private typealias Link = @Sendable (Duplex) async throws -> CommandLink.Outcome

    private func watch(leads: Bool, _ open: (Link) async throws -> CommandLink.Outcome) async throws -> ExitCode {
        let link: Link = { pipe in
            try await CommandLink(
                pipe: pipe, progress: progress, feed: feed, interruptions: interruptions, output: session.output,
                peer: name, isAnswering: { await session.client.isAnswering(target) }
            )
            .run()
        }
        do {
            return try await code(of: try await open(link))
        } catch let error as KithError {
            guard await progress.hasStarted(given: error), error.code != .fileIO else { throw error }
            guard error.code == .linkLost, let job = await progress.job else { return failed(error) }
            return try await again(job, leads: leads, link)
        }
    }

    // MARK: Again

    /// Looks for the job until it answers.
    private func again(_ job: JobID, leads: Bool, _ link: @escaping Link) async throws -> ExitCode {
        var reconnection = Reconnection(patience: Self.patience)
        session.output.note("kith: The link to \(name) was lost; looking for the command.")
        while true {
            do {
                let cursor = await progress.cursor
                let request = AttachJob(jobID: job, cursor: cursor, resumes: leads ? true : nil)
                let outcome = try await untilInterrupted {
                    try await session.client.pipe(request, on: target) { pipe in
                        session.output.note("kith: Connected to \(name) again.")
                        return try await link(pipe)
                    }
                }
                return try await code(of: outcome)
            } catch let error as KithError {
                if error.code == .fileIO { throw error }
                if error.code == .linkLost {
                    session.output.note("kith: The link to \(name) was lost again.")
                    reconnection = Reconnection(patience: Self.patience)
                }
                guard let pause = reconnection.pause(after: error) else { return await lost(job, error) }
                do { try await untilInterrupted { try await Task.sleep(for: pause) } } catch {
                    return await lost(job, KithError(wrapping: error))
                }
            }
        }
    }

    /// What `work` answers.
    ///
    /// - Throws: ``KithError`` `cancelled` once the person has enough of waiting; a command that hears of it is asked.
    private func untilInterrupted<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws
        -> Value
    {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                await interruptions.untilUnheard()
                return nil
            }
            defer { group.cancelAll() }
            if let value = try await group.next() ?? nil { return value }
            throw KithError(.cancelled, "The link to \(name) is lost, and the command is no longer looked for.")
        }
    }

    private func lost(_ job: JobID, _ error: KithError) async -> ExitCode {
        _ = failed(error)
        // Where nobody is known any more, a worker that was stopped say, the command has ended or is out of reach.
        guard ![.peerUnknown, .peerNotPaired, .notFound, .jobLost].contains(error.code) else { return ExitCode(255) }
        let cursor = await progress.cursor
        session.output.note("  Come back to it: kith attach \(job)\(on) --from \(cursor)")
        return ExitCode(255)
    }

    private func failed(_ error: KithError) -> ExitCode {
        _ = Failure(error.told(by: target)).report(.people)
        return ExitCode(255)
    }

    // MARK: Ends

    private func code(of outcome: CommandLink.Outcome) async throws -> ExitCode {
        switch outcome {
        case .ended(let end):
            explain(end)
            return ExitCode(remote: end.exitCode)
        case .left(let code): return code
        case .detached:
            let job = await progress.job
            session.output.note("kith: The command runs on\(job.map { " as job \($0)" } ?? "").")
            if let job { session.output.note("  Come back to it: kith attach \(job)\(on)") }
            return .success
        case .unheard:
            let (job, cursor) = (await progress.job, await progress.cursor)
            session.output.note("kith: \(name) has not said that it lets the command run on; it is asked to.")
            if let job { session.output.note("  Look for it: kith attach \(job)\(on) --from \(cursor)") }
            return ExitCode(255)
        }
    }

    /// Says what the exit code cannot: that its time was up, or that a fence may have stopped it.
    private func explain(_ end: CommandEnd) {
        if end.timedOut { session.output.note("kith: The command's time was up.") }
        guard let sandbox = end.sandbox, end.exitCode != 0 else { return }
        session.output.note("kith: It ran in the sandbox `\(sandbox.rawValue)`, which \(sandbox.rule).")
    }

    private var name: String {
        switch target {
        case .local: "this node"
        case .peer(let name): name
        }
    }

    private var on: String {
        switch target {
        case .local: ""
        case .peer(let name): " --on \(name)"
        }
    }
}

/// How often and how long a lost answer is looked for again.
struct Reconnection {
    private let deadline: ContinuousClock.Instant
    private var next = Duration.milliseconds(50)

    /// Gives up after `patience`.
    init(patience: Duration) { deadline = .now + patience }

    /// How long to wait now, longer each time up to a second; nil where trying again has no sense.
    mutating func pause(after error: KithError) -> Duration? {
        switch error.code {
        case .linkLost, .peerOffline, .daemonNotRunning, .unavailable, .timedOut: break
        default: return nil
        }
        guard ContinuousClock.now + next < deadline else { return nil }
        defer { next = min(next * 2, .seconds(1)) }
        return next
    }

    /// Waits as long as ``pause(after:)`` says; false where trying again has no sense.
    mutating func mayTryAgain(after error: KithError) async throws -> Bool {
        guard let pause = pause(after: error) else { return false }
        try await Task.sleep(for: pause)
        return true
    }
}
