import Dispatch
import FoundationEssentials
import KithAPI
import KithKeeper

/// From an order to a running job: policy, the owner's word, a place, a fence, the keeper.
struct JobStarter: Sendable {
    /// How a job is started.
    struct Manner: Sendable {
        var input = Launch.Input.none
        /// What is written into an open input first; the one who starts the job does that.
        var firstInput: [UInt8]?
        var terminal: TerminalSize?
        var isDetached = false
        var kind = Job.Kind.command
        /// What a terminal is called.
        var name: String?
        /// The grant by which it is asked for.
        var grant = Grant.exec
        /// Told when the owner is asked, with the seconds that are left.
        var onAsking: @Sendable (Int) async throws -> Void = { _ in }

        /// What the job would read.
        var promise: InputPromise {
            switch input {
            case .none: InputPromise()
            case .bytes(let bytes): InputPromise(bytes, staysOpen: false)
            case .open: InputPromise(firstInput, staysOpen: true)
            }
        }
    }

    let node: ExecNode
    let limits: ExecLimits
    let plan: LaunchPlan
    let keeper: KeeperClient
    let ledger: JobLedger
    let approvals: ApprovalDesk
    let now: @Sendable () -> Date

    private static let planning = DispatchQueue(label: "kith.exec.planning", attributes: .concurrent)

    /// Starts `order` for `caller`.
    func start(_ order: CommandOrder, _ manner: Manner, for caller: Caller) async throws -> HeldJob {
        try await begin(order, manner, for: caller) { [keeper] in (try await keeper.start($0), ()) }.job
    }

    /// Starts `order` for `caller` and leads it from its first byte on, in one question to the keeper.
    func lead(_ order: CommandOrder, _ manner: Manner, keepsEnd: Bool, for caller: Caller) async throws -> (
        job: HeldJob, leader: JobFollower
    ) {
        try await begin(order, manner, for: caller) { [keeper] in try await keeper.lead($0, keepsEnd: keepsEnd) }
    }

    private func begin<Link: Sendable>(
        _ order: CommandOrder, _ manner: Manner, for caller: Caller,
        _ start: @escaping @Sendable (Launch) async throws -> (HeldJob, Link)
    ) async throws -> (job: HeldJob, leader: Link) {
        let launch = try await launch(order, manner, for: caller)
        do {
            // To its end even if the asking side goes meanwhile: what runs must be known, to be ended.
            let (job, leader) = try await Task { try await start(launch) }.value
            ledger.started()
            try await checkLeave(of: caller, manner.grant, job)
            return (job, leader)
        } catch {
            await abandon(launch)
            guard let failure = error as? LaunchFailure else { throw error }
            throw KithError(failure, program: order.program)
        }
    }

    /// All that has to be decided and prepared, with a place taken: whoever does not start it calls ``abandon(_:)``.
    func launch(_ order: CommandOrder, _ manner: Manner, for caller: Caller) async throws -> Launch {
        var command = try await decide(order, manner, for: caller)
        if command.needsApproval { command = try await approved(command, order, manner, for: caller) }
        var generator = SystemRandomNumberGenerator()
        let id = JobID.random(using: &generator)
        try ledger.begin(
            id, for: caller, isDetached: manner.isDetached, within: allowance(of: command, for: caller), at: now())
        do {
            return try await prepare(command, id, manner, for: caller)
        } catch {
            ledger.end(id)
            throw error
        }
    }

    /// Gives back what a launch took that came to nothing.
    func abandon(_ launch: Launch) async {
        ledger.end(launch.id)
        if let temporary = JobNote(launch.note)?.temporary { await Self.offPool { TemporaryFolder.remove(temporary) } }
    }

    // MARK: Decision

    private func decide(_ order: CommandOrder, _ manner: Manner, for caller: Caller) async throws -> PlannedCommand {
        let rules: [GrantRule]? =
            switch caller {
            case .owner: nil
            case .peer(let peer): peer.grants.live(manner.grant, at: now())
            }
        var command = try await plan(order, rules, manner.grant, for: caller)
        if command.needsApproval { command.input = manner.promise }
        return command
    }

    private func plan(_ order: CommandOrder, _ rules: [GrantRule]?, _ grant: Grant, for caller: Caller) async throws
        -> PlannedCommand
    {
        do {
            return try await Self.offPool { try plan.command(order, rules: rules) }
        } catch let error as KithError where error == .commandDenied {
            guard case .peer(let peer) = caller else { throw error }
            throw order.refusal(on: node.name, to: peer.name, grant)
        }
    }

    /// Holds the command until the owner has approved it, and finds it unchanged afterwards.
    private func approved(_ command: PlannedCommand, _ order: CommandOrder, _ manner: Manner, for caller: Caller)
        async throws -> PlannedCommand
    {
        guard case .peer(let peer) = caller else { return command }
        let object = CommandTitle.text(command.words)
        try await node.record(ExecEvent(caller: caller, action: "approval.ask", object: object, result: "began"))
        try await manner.onAsking(Int(limits.approvalPatience / .seconds(1)))
        let state = try await approvals.ask(command, for: peer).state
        try await node.record(ExecEvent(caller: caller, action: "approval.ask", object: object, result: state.rawValue))
        try Self.check(state)
        guard try await decide(order, manner, for: caller) == command else {
            throw KithError(
                .conflict, "What was approved is no longer what would run.", hint: "Ask again; look at it first.")
        }
        return command
    }

    private static func check(_ state: Approval.State) throws(KithError) {
        switch state {
        case .approved: return
        case .withdrawn: throw KithError(.cancelled, "The request was withdrawn before it was approved.")
        case .expired, .pending:
            throw KithError(.approvalRefused, "Nobody approved the request in time.", hint: "Ask its owner, and again.")
        case .denied:
            throw KithError(
                .approvalRefused, "The owner did not approve the request.",
                hint: "It did not run. Talk to its owner before you ask again.")
        }
    }

    /// Whoever lost the grant while the job was started has no job: reviewing and starting may cross.
    private func checkLeave(of caller: Caller, _ grant: Grant, _ job: HeldJob) async throws {
        if Task.isCancelled {
            await Self.end(job)
            throw CancellationError()
        }
        guard case .peer(let peer) = caller, !node.holds(peer.id, grant) else { return }
        await Self.end(job)
        throw KithError.commandDenied
    }

    /// Ends a job and returns when it is reaped, also in a task that was cancelled.
    static func end(_ job: HeldJob) async {
        job.requestEnd()
        await Task { _ = try? await job.finished() }.value
    }

    // MARK: Preparation

    private func allowance(of command: PlannedCommand, for caller: Caller) -> JobLedger.Allowance {
        guard case .peer = caller else { return JobLedger.Allowance(running: limits.runningForOwner) }
        guard let bounds = command.rule?.bounds else { return JobLedger.Allowance(running: limits.runningPerPeer) }
        return JobLedger.Allowance(
            running: bounds.running ?? limits.runningWithinBounds, perMinute: bounds.perMinute)
    }

    private func prepare(_ command: PlannedCommand, _ id: JobID, _ manner: Manner, for caller: Caller) async throws
        -> Launch
    {
        var note = JobNote(command, kind: manner.kind, name: manner.name, for: caller)
        let (confinement, temporary) = try await confinement(of: command)
        note.temporary = temporary
        var launch = Launch(
            id: id, program: command.program, arguments: command.words, environment: command.variables,
            folder: command.folder, input: manner.input)
        if let temporary { launch.environment["TMPDIR"] = temporary }
        launch.terminal = manner.terminal
        launch.timeout = command.timeout
        launch.isDetached = manner.isDetached
        launch.note = try JSON.encode(note)
        return confinement.applied(to: launch, through: node.program)
    }

    /// Without a sandbox nothing is looked up, and nobody has to be woken for it.
    private func confinement(of command: PlannedCommand) async throws -> (Confinement, String?) {
        let fence = CommandFence(node: node)
        guard command.sandbox != .none else { return try fence.confinement(of: command) }
        return try await Self.offPool { try fence.confinement(of: command) }
    }

    /// Work that waits for the disk.
    static func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            planning.async { continuation.resume(with: Result { try work() }) }
        }
    }

    /// As the other, for work that cannot fail.
    static func offPool(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            planning.async {
                work()
                continuation.resume()
            }
        }
    }
}
