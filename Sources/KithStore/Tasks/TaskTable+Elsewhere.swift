import FoundationEssentials
import GRDB
import KithAPI

/// What this node knows about tasks that are decided elsewhere, and what its agents hold.
extension TaskTable {
    /// A claim that an agent of this node holds.
    struct Holding: Sendable {
        var task: TaskID
        var agent: AgentName
        var epoch: Int
        var token: Int
        var leaseSeconds: Int
    }

    /// Remembers a task of another node, so that it can be adopted if that node never comes back.
    func copy(_ record: TaskRecord) throws {
        try execute(
            "INSERT OR REPLACE INTO taskCopy VALUES (?, ?, ?)",
            [record.id.text, Data(try JSON.encode(record)), moment.milliseconds])
    }

    func copied(_ id: TaskID) throws -> TaskRecord? {
        let statement = try db.cachedStatement(sql: "SELECT record FROM taskCopy WHERE id = ?")
        return try Data.fetchOne(statement, arguments: [id.text]).map {
            try JSON.decode(TaskRecord.self, from: Array($0))
        }
    }

    /// The tasks of other nodes that were seen last, of those whose id begins like that.
    func copies(beginning: String, limit: Int) throws -> [TaskRecord] {
        let statement = try db.cachedStatement(
            sql: "SELECT record FROM taskCopy WHERE id >= ?1 AND id < ?1 || '~' ORDER BY seen DESC LIMIT ?2")
        return try Data.fetchAll(statement, arguments: [beginning, limit]).map {
            try JSON.decode(TaskRecord.self, from: Array($0))
        }
    }

    /// A new task here that takes the place of one whose home is gone; its tokens go on where the old ones ended.
    func adopt(_ old: TaskRecord, id: TaskID) throws -> TaskRecord {
        let request = PostTask(
            title: old.title, body: old.body, target: old.target, priority: old.priority, dedupeKey: old.dedupeKey,
            leaseSeconds: TaskLimits.leaseSeconds.range.nearest(to: old.leaseSeconds),
            maximumAttempts: TaskLimits.attempts.range.nearest(to: old.maximumAttempts))
        let reply = try post(request, id: id, poster: (AgentName.main.text, ""))
        try execute("UPDATE task SET token = max(token, ?) WHERE id = ?", [old.token, reply.task.id.text])
        try note(reply.task.id, "adopted", nil, "in place of \(old.id)")
        try execute("DELETE FROM taskCopy WHERE id = ?", [old.id.text])
        try see(old.id, token: old.token + 1)
        return try find(reply.task.id).record
    }

    // MARK: Holdings

    func hold(_ holding: Holding) throws {
        try execute(
            "INSERT OR REPLACE INTO holding VALUES (?, ?, ?, ?, ?)",
            [holding.task.text, holding.agent.text, holding.epoch, holding.token, holding.leaseSeconds])
    }

    func drop(_ task: TaskID) throws { try execute("DELETE FROM holding WHERE task = ?", [task.text]) }

    func holdings(of agent: AgentName) throws -> [Holding] {
        let statement = try db.cachedStatement(
            sql: "SELECT task, epoch, token, leaseSeconds FROM holding WHERE agent = ?")
        return try Row.fetchAll(statement, arguments: [agent.text]).compactMap { row in
            guard let task = TaskID(row[0]) else { return nil }
            return Holding(task: task, agent: agent, epoch: row[1], token: row[2], leaseSeconds: row[3])
        }
    }

    func holder(of task: TaskID) throws -> AgentName? {
        let statement = try db.cachedStatement(sql: "SELECT agent FROM holding WHERE task = ?")
        return try String.fetchOne(statement, arguments: [task.text]).flatMap(AgentName.init)
    }

    // MARK: Fencing

    /// The highest token that this node has seen of a task, wherever it lives.
    func highestToken(_ task: TaskID) throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                SELECT max(coalesce((SELECT token FROM task WHERE id = ?1), 0),
                coalesce((SELECT token FROM fence WHERE task = ?1), 0))
                """)
        return try Int.fetchOne(statement, arguments: [task.text]) ?? 0
    }

    /// Remembers that a token was seen.
    func see(_ task: TaskID, token: Int) throws {
        try execute(
            """
            INSERT INTO fence VALUES (?, ?, ?) ON CONFLICT (task) DO UPDATE SET
            token = max(token, excluded.token), seen = excluded.seen
            """, [task.text, token, moment.milliseconds])
    }

    /// Lets work through that a claim covers.
    ///
    /// - Throws: `task.stale` for a token below the highest that was seen, or for a claim of ours that is over.
    func pass(_ task: TaskID, token: Int) throws {
        var fence = TaskFence(highest: try highestToken(task))
        guard fence.admits(token) else {
            throw KithError(
                .taskStale, "Task \(task) was claimed again: its token is at least \(fence.highest), not \(token).",
                hint: "Stop working on it.", details: ["token": String(fence.highest)])
        }
        guard task.home == naming.own.short else { return try see(task, token: fence.highest) }
        let known = try find(task)
        guard token == known.record.token, known.holder != nil, !Self.finished.contains(known.record.state) else {
            throw Self.stale("The claim on task \(task) is over.", known)
        }
    }
}
