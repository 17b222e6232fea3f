import Dispatch
public import FoundationEssentials
public import KithAPI
import KithKeeper

/// Runs commands for the owner and for peers, within what the owner granted.
///
/// The router has checked that a peer holds `exec` at all; which programs it may start is decided here.
public struct ExecService: Sendable {
    private let limits: ExecLimits
    private let plan: LaunchPlan
    private let now: @Sendable () -> Date
    private let keeper: Keeper
    private let jobs = JobTable()
    private let planning = DispatchQueue(label: "kith.exec.planning", qos: .userInitiated, attributes: .concurrent)

    /// A service for this process; make one only.
    ///
    /// - Parameter now: The time against which grants expire.
    /// - Throws: ``KithError`` `unavailable` where the kernel has no descriptors left.
    public init(
        environment: ExecEnvironment, limits: ExecLimits = ExecLimits(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(KithError) {
        self.limits = limits
        self.now = now
        plan = LaunchPlan(environment: environment, limits: limits)
        keeper = try Keeper(limits: limits.keeper)
    }

    /// How many commands run.
    public var runningCount: Int { jobs.count }

    /// Runs a command to its end; cancelling the task ends its whole group.
    ///
    /// - Throws: ``KithError`` `request.invalid`, `request.too_large`, `denied`, `limited`,
    ///   `exec.not_found`, `exec.failed`, `unavailable` while stopping, `cancelled`.
    public func run(_ request: RunCommand, from caller: Caller) async throws -> CommandResult {
        let limit = try outputLimit(request.outputLimit)
        let order = try CommandOrder(request, within: limits)
        let input = request.stdin.map { Launch.Input.bytes(Array($0.utf8)) } ?? .none
        return try await withJob(for: caller) { id in
            let child = try await start(order, input: input, for: caller)
            return try await withTaskCancellationHandler {
                try await collect(child, id: id, limit: limit)
            } onCancel: {
                child.requestEnd()
            }
        }
    }

    /// Runs a command whose input and output are frames, until it has ended. The opening has been read
    /// already, and the end is the caller's to send.
    ///
    /// When the asking side goes away (`receive` says nil or throws, `send` throws, or the task is
    /// cancelled) the whole group is ended. `receive` has to return when its task is cancelled.
    ///
    /// - Throws: as ``run(_:from:)``; `protocol` for a frame that has no place here.
    public func stream(_ request: StreamCommand, over duplex: Duplex, from caller: Caller) async throws -> CommandEnd {
        let order = try CommandOrder(request, within: limits)
        return try await withJob(for: caller) { id in
            let child = try await start(order, input: .open, for: caller)
            return CommandEnd(jobID: id, try await CommandStream(child: child, duplex: duplex).join())
        }
    }

    /// Takes no more commands and ends those that run: TERM, KILL after ``ExecLimits/stopGrace``.
    public func stopAll() async {
        await keeper.stop(grace: limits.stopGrace)
    }

    // MARK: Parts

    private func withJob<Answer>(for caller: Caller, _ body: (JobID) async throws -> Answer) async throws -> Answer {
        var generator = SystemRandomNumberGenerator()
        let id = JobID.random(using: &generator)
        try jobs.begin(id, for: caller, limit: caller == .owner ? limits.runningForOwner : limits.runningPerPeer)
        defer { jobs.end(id) }
        return try await body(id)
    }

    private func start(_ order: CommandOrder, input: Launch.Input, for caller: Caller) async throws -> ChildProcess {
        let launch = try await prepare(order, input: input, for: caller)
        do {
            return try await keeper.start(launch)
        } catch let failure as LaunchFailure {
            throw KithError(failure, program: order.words[0])
        }
    }

    private func prepare(_ order: CommandOrder, input: Launch.Input, for caller: Caller) async throws -> Launch {
        let rules: [GrantRule]? =
            switch caller {
            case .owner: nil
            case .peer(let peer): peer.grants.live(.exec, at: now())
            }
        return try await withCheckedThrowingContinuation { continuation in
            planning.async {
                continuation.resume(with: Result { try plan.launch(order, rules: rules, input: input) })
            }
        }
    }

    private func collect(_ child: ChildProcess, id: JobID, limit: Int) async throws -> CommandResult {
        var output = KeptOutput(limit: limit)
        var errors = KeptOutput(limit: limit)
        while let piece = await child.nextOutput() {
            switch piece.stream {
            case .standardOutput: output.append(piece.bytes)
            case .standardError: errors.append(piece.bytes)
            }
        }
        let end = await child.finished()
        if end.wasEnded, !end.timedOut { throw KithError(.cancelled, "The command was ended before it was done.") }
        return CommandResult(
            end: CommandEnd(jobID: id, end), truncated: output.isTruncated || errors.isTruncated,
            stdout: output.written,
            stderr: errors.written)
    }

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
