public import FoundationEssentials
public import KithAPI
public import KithKeeper

/// Runs commands for the owner and for peers, as jobs, within what the owner granted.
///
/// The router has checked that a peer holds `exec` at all; which commands it may start is decided here, and which
/// jobs it sees: those that it started, or all if it may run anything.
public struct ExecService: Sendable {
    let limits: ExecLimits
    let node: ExecNode
    let now: @Sendable () -> Date
    let keeper: KeeperClient
    let ledger: JobLedger
    let foreground: ForegroundWatch
    let approvals: ApprovalDesk
    let starter: JobStarter
    let isStopping = Flag()

    /// A service for this node; make one only, and ``run()`` it.
    ///
    /// - Parameters:
    ///   - keeper: holds the processes; nothing else starts any through it.
    ///   - now: The time against which grants expire.
    public init(
        node: ExecNode, keeper: KeeperClient, limits: ExecLimits = ExecLimits(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.node = node
        self.keeper = keeper
        self.limits = limits
        self.now = now
        ledger = JobLedger(onChange: node.jobsChanged)
        foreground = ForegroundWatch(patience: limits.patience) { try? await keeper.forget($0) }
        approvals = ApprovalDesk(limits: .init(patience: limits.approvalPatience), now: now)
        starter = JobStarter(
            node: node, limits: limits, plan: LaunchPlan(environment: node.environment, limits: limits), keeper: keeper,
            ledger: ledger, approvals: approvals, now: now)
    }

    /// How many commands and terminals run.
    public var runningCount: Int { ledger.count }

    // MARK: Commands

    /// Runs a command to its end; cancelling the task ends its whole group.
    ///
    /// - Throws: ``KithError`` `request.invalid`, `request.too_large`, `denied`, `approval.refused`, `limited`,
    ///   `exec.not_found`, `exec.failed`, `unavailable`, `cancelled`, `job.lost`.
    public func run(_ request: RunCommand, from caller: Caller) async throws -> CommandResult {
        let limit = try outputLimit(request.outputLimit)
        let order = try CommandOrder(request, within: limits)
        let input = request.stdin.map { Launch.Input.bytes(Array($0.utf8)) } ?? .none
        let led = try await starter.lead(order, .init(input: input), keepsEnd: false, for: caller)
        do {
            let result = try await collect(led, limit: limit)
            ledger.end(led.job.id)
            // The keeper tells of no end that its leader has confirmed.
            await JobStarter.tidy(led.note)
            return result
        } catch {
            await end(led.job)
            throw Task.isCancelled ? KithError(.cancelled, "The command was ended before it was done.") : error
        }
    }

    /// Starts a command as a job that needs nobody.
    ///
    /// - Throws: as ``run(_:from:)``.
    public func start(_ request: StartCommand, from caller: Caller) async throws -> Job {
        let order = try CommandOrder(request, within: limits)
        let text = request.stdin.map { Array($0.utf8) }
        let staysOpen = request.keepsInput == true
        var manner = JobStarter.Manner(isDetached: true)
        manner.input = staysOpen ? .open : text.map { .bytes($0) } ?? .none
        manner.firstInput = text
        let job = try await starter.start(order, manner, for: caller)
        if staysOpen, let text { try await job.write(text) }
        return try await shown(job)
    }

    /// Runs a command whose input and output are frames, until it has ended. The opening has been read already, and
    /// the end is the caller's to send.
    ///
    /// When the asking side hangs up, the whole group is ended. When its link is lost, the command waits
    /// ``ExecLimits/patience`` for it to come back with ``attach(_:over:from:)``. `receive` has to return when its
    /// task is cancelled.
    ///
    /// - Throws: as ``run(_:from:)``; `link.lost`; `protocol` for a frame that has no place here.
    public func stream(_ request: StreamCommand, over duplex: Duplex, from caller: Caller) async throws -> CommandEnd {
        let order = try CommandOrder(request, within: limits)
        return try await Inbox.reading(duplex) { inbox in
            let sender = FrameSender(duplex)
            let manner = JobStarter.Manner(
                input: .open, terminal: request.terminal,
                onAsking: { try await sender.say(CommandNews(waitsForApproval: $0)) })
            let led = try await unlessGone(inbox) {
                try await starter.lead(order, manner, keepsEnd: true, for: caller)
            }
            let job = led.job
            try? await sender.say(CommandNews(jobID: job.id, cursor: 0))
            let stream = CommandStream(
                job: job, sandbox: led.note.sandbox, leader: led.leader, inbox: inbox, sender: sender
            ) { try await detach(job) }
            return try await lead(job, over: stream, from: 0)
        }
    }

    /// Starts a job of whatever kind for `request`, within the caller's rules for ``Grant/terminal``; its leaving is
    /// the terminal's business. For a terminal that lives on when its clients leave.
    ///
    /// - Parameter onAsking: told when the owner is asked first, with the seconds for which that may take.
    /// - Throws: as ``run(_:from:)``.
    public func openTerminal(
        _ request: OpenTerminal, from caller: Caller, onAsking: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> HeldJob {
        let shell = node.environment.variables["SHELL"] ?? "/bin/sh"
        let order = try CommandOrder(request, shell: shell, within: limits)
        let manner = JobStarter.Manner(
            input: .open, terminal: request.size, isDetached: true, kind: .terminal, name: request.name,
            grant: .terminal, onAsking: onAsking)
        return try await starter.start(order, manner, for: caller)
    }

    // MARK: Parts

    /// Waits for `body`, unless the asking side goes first: then it is cancelled.
    func unlessGone<Value: Sendable>(_ inbox: Inbox, _ body: @escaping @Sendable () async throws -> Value)
        async throws -> Value
    {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                if let fault = await inbox.gone() { throw Fault(error: fault) }
                return nil
            }
            defer { group.cancelAll() }
            var fault: Fault?
            while let first = await group.nextResult() {
                do {
                    if let value = try first.get() { return value }
                } catch let gone as Fault {
                    fault = gone
                } catch {
                    throw fault?.error ?? error
                }
                group.cancelAll()
            }
            throw fault?.error ?? CancellationError()
        }
    }

    /// What the asking side did wrong; what was begun for it must still be waited for.
    private struct Fault: Error {
        let error: KithError
    }

    private func collect(_ led: LedJob, limit: Int) async throws -> CommandResult {
        let follower = led.leader
        var output = KeptOutput(limit: limit)
        var errors = KeptOutput(limit: limit)
        defer { follower.cancel() }
        while let event = try await follower.next() {
            switch event {
            case .output(_, let piece) where piece.stream == .standardOutput: output.append(piece.bytes)
            case .output(_, let piece): errors.append(piece.bytes)
            case .gap(let from, let to): output.skip(to - from)
            case .end(let end):
                if end.wasEnded, !end.timedOut { throw Self.wasEnded }
                return CommandResult(
                    end: CommandEnd(jobID: led.job.id, end), truncated: output.isTruncated || errors.isTruncated,
                    stdout: output.written, stderr: errors.written)
            }
        }
        throw Self.wasEnded
    }

    private static let wasEnded = KithError(.cancelled, "The command was ended before it was done.")

    private func outputLimit(_ asked: Int?) throws(KithError) -> Int {
        let limit = asked ?? limits.output
        guard (0...limits.largestOutput).contains(limit) else {
            throw KithError(
                .requestInvalid, "An output limit of \(limit) bytes cannot be kept.",
                hint: "Give at most \(limits.largestOutput).")
        }
        return limit
    }
}
