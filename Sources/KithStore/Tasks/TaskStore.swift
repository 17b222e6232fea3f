import FoundationEssentials
import GRDB
public import KithAPI

/// The tasks whose home is this node, decided one at a time by the writer of the database, and what is known of
/// others. Everything that returns is on the disk.
public struct TaskStore: Sendable {
    /// Who posts a task, or cancels it: an agent, and the node that the door saw.
    public struct Author: Sendable {
        let agent: AgentName
        let node: PeerID?

        /// An author; no node means this one.
        public init(agent: AgentName, node: PeerID?) {
            self.agent = agent
            self.node = node
        }
    }

    let store: Store
    let naming: NodeNaming
    let limits: TaskLimits

    /// The tasks in `store`, with the names that the daemon knows.
    public init(_ store: Store, naming: NodeNaming) { self.init(store, naming: naming, limits: TaskLimits()) }

    init(_ store: Store, naming: NodeNaming, limits: TaskLimits) {
        self.store = store
        self.naming = naming
        self.limits = limits
    }

    // MARK: Posting

    /// Posts a task; see ``PostTask``.
    ///
    /// - Throws: `request.invalid`, `request.too_large`, `limited` at 10,000 active tasks, `not_found` for a need.
    public func post(_ request: PostTask, by author: Author) async throws -> PostTask.Reply {
        try TaskLimits.check(request)
        var generator = SystemRandomNumberGenerator()
        let id = TaskID.random(home: naming.own, using: &generator)
        let reply = try await write {
            try $0.post(request, id: id, poster: (author.agent.text, author.node?.text ?? ""))
        }
        if request.needs?.isEmpty == false { store.bells.ring(Self.needsTopic) }
        return reply
    }

    /// A page of the tasks of this node.
    public func list(_ request: ListTasks) async throws -> ListTasks.Reply {
        try MessageLimits.check(limit: request.limit, cursor: request.cursor)
        return try await read { try $0.list(request) }
    }

    /// Tasks whose id begins like that; those of other nodes for the owner alone.
    public func find(_ request: FindTasks, isOwner: Bool) async throws -> FindTasks.Reply {
        try MessageLimits.check(limit: request.limit, cursor: nil)
        return try await read { table in
            let limit = request.limit ?? 20
            let here = try table.find(beginning: request.beginning, limit: limit)
            guard isOwner, here.count < limit else { return FindTasks.Reply(entries: here) }
            let elsewhere = try table.copies(beginning: request.beginning, limit: limit - here.count)
            return FindTasks.Reply(entries: here + elsewhere)
        }
    }

    /// How many tasks of this node are in each state.
    public func counts() async throws -> [String: Int] {
        try await read { table in
            let rows = try Row.fetchAll(table.db, sql: "SELECT state, count(*) FROM task GROUP BY state")
            return Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
        }
    }

    /// One task of this node.
    public func show(_ task: TaskID) async throws -> TaskRecord { try await read { try $0.find(task).record } }

    /// Calls a task off; once more is no error.
    ///
    /// - Throws: `conflict` for one that is done or has failed; `denied`, `not_found`.
    public func cancel(_ request: CancelTask, by node: PeerID?) async throws -> TaskRecord {
        try TaskLimits.line(request.reason, "reason")
        return try await write { table in
            let known = try table.find(request.task)
            guard node == nil || known.posterNode == node?.text else {
                throw KithError(.denied, "Only its poster and its home's owner can cancel task \(request.task).")
            }
            guard known.record.state != .cancelled else { return known.record }
            guard !TaskTable.finished.contains(known.record.state) else {
                throw KithError(
                    .conflict, "Task \(request.task) is \(known.record.state.rawValue) already.",
                    hint: "Look at it: `kith task show \(request.task)`.")
            }
            return try table.finish(known, as: .cancelled, reason: request.reason).record
        }
    }

    // MARK: Claiming

    /// Claims a task for an agent.
    ///
    /// - Throws: `task.held`, `conflict`, `denied`, and `task.stale` for an outdated session.
    public func claim(_ task: TaskID, for claimant: Claimant) async throws -> TaskClaim {
        try await write { try $0.claim(task, claimant) }
    }

    /// Picks and claims in one transaction; nil if nothing fits.
    public func next(for claimant: Claimant) async throws -> TaskClaim? { try await write { try $0.next(claimant) } }

    /// Makes sure that a claim still holds; the lease itself is the daemon's.
    public func renew(_ request: RenewTask, by node: PeerID?) async throws -> TaskClaim {
        let known = try await read { try $0.held(request.task, token: request.token, by: node?.text ?? "") }
        guard known.record.state == .open else {
            return TaskClaim(task: known.record, token: known.record.token, leaseSeconds: known.record.leaseSeconds)
        }
        return try await write { table in
            try table.reclaim(try table.held(request.task, token: request.token, by: node?.text ?? ""))
            return table.claim(try table.find(request.task))
        }
    }

    /// Says how it goes.
    public func update(_ request: UpdateTask, by node: PeerID?) async throws -> TaskRecord {
        try TaskLimits.line(request.progress, "progress")
        let state = request.state ?? .working
        guard [.working, .blocked, .needsInput].contains(state) else {
            throw KithError(.requestInvalid, "`state` is `working`, `blocked` or `needs_input`.")
        }
        return try await write { table in
            let known = try table.held(request.task, token: request.token, by: node?.text ?? "")
            let updated = try table.change(
                "state = ?, progress = coalesce(?, progress), lapsed = 0, updated = ?3, progressed = ?3",
                [state.rawValue, request.progress, table.moment.milliseconds, request.task.text])
            try table.note(request.task, "updated", known.record.holder, request.progress ?? state.rawValue)
            return updated.record
        }
    }

    /// Says that it is done; the same token may say it again.
    public func complete(_ request: CompleteTask, by node: PeerID?) async throws -> TaskRecord {
        try TaskLimits.text(request.result, "result")
        return try await write { table in
            let last = try table.find(request.task)
            let isRepeat = last.record.state == .done && last.record.token == request.token
            if isRepeat, last.holderNode == node?.text ?? "" { return last.record }
            let known = try table.held(last, token: request.token, by: node?.text ?? "")
            return try table.finish(known, as: .done, result: request.result).record
        }
    }

    /// Says that an attempt failed; the answer is open again for later, or failed for good.
    public func fail(_ request: FailTask, by node: PeerID?) async throws -> TaskRecord {
        try TaskLimits.line(request.reason, "reason")
        return try await write { table in
            let known = try table.held(request.task, token: request.token, by: node?.text ?? "")
            let isFinal = request.isFinal ?? false
            return try table.fail(known, event: "retry", reason: request.reason, mayReturn: false, isFinal: isFinal)
                .record
        }.ringing(store.bells)
    }

    /// Gives a claim back.
    public func release(_ request: ReleaseTask, by node: PeerID?) async throws -> TaskRecord {
        try TaskLimits.line(request.reason, "reason")
        return try await write { table in
            let known = try table.held(request.task, token: request.token, by: node?.text ?? "")
            return try table.release(known, reason: request.reason ?? "given back").record
        }
    }

    /// Takes a task from a holder whose lease is over; nil if the task has gone on meanwhile.
    public func lapse(_ task: TaskID, token: Int) async throws -> TaskRecord? {
        try await write { try $0.lapse(task, token: token)?.record }?.ringing(store.bells)
    }

    /// The claims that this node has granted and not yet ended: what the daemon watches after a restart.
    public func granted() async throws -> [TaskRecord] {
        try await read { table in
            try Row.fetchAll(
                table.db,
                sql: """
                    SELECT \(TaskTable.columns) FROM task
                    WHERE state IN ('claimed', 'working', 'blocked', 'needs_input')
                    """
            ).map { try table.known($0).record }
        }
    }

    /// Seconds until a task that was put off may be tried; nil if there is none.
    public func secondsUntilDue() async throws -> Double? {
        let now = Moment(store.now()).milliseconds
        return try await read { try $0.nextDue() }.map { Double($0.milliseconds - now) / 1000 }
    }

    // MARK: Events

    /// The next events after a cursor; where some were forgotten, the first says which.
    public func events(after cursor: Int, task: TaskID?, limit: Int = 500) async throws -> [TaskEvent] {
        try await read { try $0.events(after: cursor, task: task, limit: limit) }
    }

    /// A bell that rings after every event.
    public func bell() throws(KithError) -> AsyncStream<Void> { try store.bells.hang(on: Self.topic) }

    /// A bell that rings after a task was given up.
    public func failureBell() throws(KithError) -> AsyncStream<Void> { try store.bells.hang(on: Self.failureTopic) }

    /// A bell that rings when it may have changed what tasks of this node need elsewhere.
    public func needsBell() throws(KithError) -> AsyncStream<Void> { try store.bells.hang(on: Self.needsTopic) }

    private static let topic = "tasks"
    static let failureTopic = "tasks/failed"
    static let needsTopic = "tasks/needs"

    func read<Value: Sendable>(_ body: @escaping @Sendable (TaskTable) throws -> Value) async throws -> Value {
        try await store.read { [self] db in try body(table(db)) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (TaskTable) throws -> Value) async throws -> Value {
        let value = try await store.writer.perform(bytes: 1_024) { [self] db in try body(table(db)) }
        store.bells.ring(Self.topic)
        return value
    }

    func table(_ db: Database) -> TaskTable {
        TaskTable(db: db, moment: Moment(store.now()), limits: limits, naming: naming)
    }
}

extension TaskClaim {
    /// Itself, as another node said it.
    ///
    /// - Throws: ``KithError`` `protocol` for a lease that no home grants.
    public func checked() throws(KithError) -> TaskClaim {
        guard TaskLimits.leaseSeconds.range.contains(leaseSeconds) else {
            throw KithError(
                .protocolViolation, "The home of task \(task.id) grants a lease that makes no sense.",
                hint: "Check that both sides run a current Kith.")
        }
        return self
    }
}

extension TaskRecord {
    /// Rings for those who tell posters about failures, if this is one.
    fileprivate func ringing(_ bells: Bells) -> TaskRecord {
        if state == .failed { bells.ring(TaskStore.failureTopic) }
        return self
    }
}
