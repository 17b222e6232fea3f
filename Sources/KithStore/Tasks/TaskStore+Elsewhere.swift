import FoundationEssentials
import GRDB
public import KithAPI

/// What this node keeps about tasks of others, and about the claims of its own agents.
extension TaskStore {
    /// A claim that an agent of this node holds, here or elsewhere.
    public struct Holding: Sendable, Equatable {
        /// The task.
        public let task: TaskID
        /// Its holder.
        public let agent: AgentName
        /// The session that claimed it.
        public let epoch: Int
        /// The token.
        public let token: Int
        /// How long the claim lasts.
        public let leaseSeconds: Int

        /// A claim.
        public init(task: TaskID, agent: AgentName, epoch: Int, token: Int, leaseSeconds: Int) {
            self.task = task
            self.agent = agent
            self.epoch = epoch
            self.token = token
            self.leaseSeconds = leaseSeconds
        }
    }

    /// Remembers that an agent of this node was granted a claim, and the task if it lives elsewhere.
    public func hold(_ claim: TaskClaim, by agent: AgentName, epoch: Int) async throws {
        try await write { table in
            try table.hold(
                TaskTable.Holding(
                    task: claim.task.id, agent: agent, epoch: epoch, token: claim.token,
                    leaseSeconds: claim.leaseSeconds))
            guard claim.task.id.home != table.naming.own.short else { return }
            try table.copy(claim.task)
            try table.see(claim.task.id, token: claim.token)
        }
    }

    /// Forgets a claim that is over.
    public func drop(_ task: TaskID) async throws { try await write { try $0.drop(task) } }

    /// What an agent of this node holds.
    public func holdings(of agent: AgentName) async throws -> [Holding] {
        try await read { try $0.holdings(of: agent) }.map {
            Holding(task: $0.task, agent: $0.agent, epoch: $0.epoch, token: $0.token, leaseSeconds: $0.leaseSeconds)
        }
    }

    /// Which agent of this node holds a task.
    public func holder(of task: TaskID) async throws -> AgentName? { try await read { try $0.holder(of: task) } }

    /// Remembers a task of another node.
    public func copy(_ record: TaskRecord) async throws { try await write { try $0.copy(record) } }

    /// Makes this node the home of a task that it has a copy of; both the id and the tokens are new.
    ///
    /// - Throws: `not_found` without a copy, `conflict` for a task of this node.
    public func adopt(_ task: TaskID) async throws -> TaskRecord {
        guard task.home != naming.own.short else {
            throw KithError(.conflict, "Task \(task) lives here already.")
        }
        var generator = SystemRandomNumberGenerator()
        let id = TaskID.random(home: naming.own, using: &generator)
        return try await write { table in
            guard let old = try table.copied(task) else {
                throw KithError(
                    .notFound, "This node has no copy of task \(task).",
                    hint: "Adopt it on a node that has shown or claimed it.")
            }
            return try table.adopt(old, id: id)
        }
    }

    /// Lets work through that a claim covers: a token below the highest that this node has seen is refused.
    ///
    /// - Throws: `task.stale`.
    public func pass(_ task: TaskID, token: Int) async throws { try await write { try $0.pass(task, token: token) } }

    /// The same for a request; what is covered by no claim passes.
    ///
    /// - Throws: `task.stale`; `request.invalid` for half a claim.
    public func pass(_ request: some Fenced) async throws {
        guard let pass = try fence(request) else { return }
        try await write { try pass.check($0.db) }
    }

    /// The same as ``pass(_:token:)``, for a change that is to be made in the very same transaction.
    public func fence(_ task: TaskID, token: Int) -> TaskPass {
        TaskPass { [self] db in try table(db).pass(task, token: token) }
    }

    /// The same for a request; nil if it is covered by no claim.
    public func fence(_ request: some Fenced) throws -> TaskPass? {
        guard (request.task == nil) == (request.token == nil) else {
            throw KithError(
                .requestInvalid, "`task` and `token` go together.", hint: "`kith task claim` answers with both.")
        }
        guard let task = request.task, let token = request.token else { return nil }
        return fence(task, token: token)
    }

    /// The tasks of other nodes for whose end tasks of this node wait.
    public func foreignNeeds() async throws -> [TaskID] { try await read { try $0.foreignNeeds() } }

    /// That a task of another node is done.
    public func meet(_ need: TaskID) async throws {
        try await write { _ = try $0.meet(need) }
        store.bells.ring(Self.needsTopic)
    }

    /// That a task of another node will never be done.
    public func disappoint(_ need: TaskID, _ state: TaskState) async throws {
        try await write { try $0.disappoint(need, state) }
    }

    /// Up to which event of its own log this node has told posters about failures.
    public func toldUpTo() async throws -> Int {
        try await read { table in
            let text = try String.fetchOne(table.db, sql: "SELECT value FROM node WHERE key = 'told'")
            return text.flatMap { Int($0) } ?? 0
        }
    }

    /// Remembers that posters were told up to an event.
    public func told(upTo number: Int) async throws {
        try await write { try $0.execute("INSERT OR REPLACE INTO node VALUES ('told', ?)", [String(number)]) }
    }

    /// The number of the last event.
    public func lastEvent() async throws -> Int {
        try await read { table in
            try Int.fetchOne(table.db, sql: "SELECT max(number) FROM taskEvent") ?? 0
        }
    }

    /// Forgets what was finished long ago. The daemon calls it once a minute.
    public func sweep() async throws {
        while try await write({ try $0.prune() }) == 500 {}
    }
}

extension TaskStore {
    /// Who posted a task, as a recipient of messages.
    public func poster(of task: TaskID) async throws -> MessageDraft.Recipient? {
        try await read { table in
            let known = try table.find(task)
            return AgentName(known.poster).map { MessageDraft.Recipient(agent: $0, node: PeerID(known.posterNode)) }
        }
    }
}
