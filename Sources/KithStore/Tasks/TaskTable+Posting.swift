import FoundationEssentials
import GRDB
import KithAPI

extension TaskTable {
    /// Stores a new task, counts one more occurrence of an active one, or closes it as resolved.
    func post(_ request: PostTask, id: TaskID, poster: (agent: String, node: String)) throws -> PostTask.Reply {
        if let key = request.dedupeKey, let active = try active(key) {
            return try request.resolved == true ? resolve(active) : again(active)
        }
        guard request.resolved != true else {
            throw KithError(
                .notFound, "No active task has the key `\(request.dedupeKey ?? "")`.", hint: "Nothing is left to close."
            )
        }
        try checkRoom()
        try insert(request, id, poster)
        let unmet = try addNeeds(request.needs ?? [], of: id)
        try execute("UPDATE task SET unmet = ? WHERE id = ?", [unmet, id.text])
        try note(id, "posted", naming.address(poster.agent, poster.node), request.title)
        return PostTask.Reply(task: try find(id).record, isRepeat: false)
    }

    private func active(_ key: String) throws -> Known? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(Self.columns) FROM task WHERE dedupeKey = ? AND \(Self.isActive)")
        return try Row.fetchOne(statement, arguments: [key]).map(known)
    }

    private func again(_ active: Known) throws -> PostTask.Reply {
        let id = active.record.id
        try execute(
            "UPDATE task SET occurrences = occurrences + 1, lastSeen = ? WHERE id = ?", [moment.milliseconds, id.text])
        return PostTask.Reply(task: try find(id).record, isRepeat: true)
    }

    private func resolve(_ active: Known) throws -> PostTask.Reply {
        PostTask.Reply(task: try finish(active, as: .done, result: "resolved").record, isRepeat: true)
    }

    private func checkRoom() throws {
        guard
            try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM task WHERE \(Self.isActive)")) ?? 0
                >= limits.active
        else { return }
        throw KithError(
            .limited, "This node has \(limits.active) active tasks, the most it may.", hint: "Finish or cancel some.")
    }

    private func insert(_ request: PostTask, _ id: TaskID, _ poster: (agent: String, node: String)) throws {
        let now = moment.milliseconds
        try execute(
            """
            INSERT INTO task (id, title, body, target, priority, dedupeKey, state, maximumAttempts, leaseSeconds,
            lastSeen, created, updated, progressed, poster, posterNode)
            VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id.text, request.title, request.body.map { Data($0.utf8) },
                (request.target ?? []).joined(separator: "\n"), request.priority ?? 0, request.dedupeKey,
                request.maximumAttempts ?? TaskLimits.attempts.usual,
                request.leaseSeconds ?? TaskLimits.leaseSeconds.usual, now, now, now, now, poster.agent, poster.node,
            ])
    }

    /// What is not done yet of what a task needs; a need of this node must exist.
    private func addNeeds(_ needs: [TaskID], of id: TaskID) throws -> Int {
        var unmet = 0
        for need in Set(needs) {
            let isHere = need.home == naming.own.short
            let isMet = try isHere && find(need).record.state == .done
            try execute("INSERT INTO taskNeed VALUES (?, ?, ?)", [id.text, need.text, isMet ? 1 : 0])
            unmet += isMet ? 0 : 1
        }
        return unmet
    }

    /// The needs that live on other nodes and are not met yet.
    func foreignNeeds() throws -> [TaskID] {
        try String.fetchAll(
            db.cachedStatement(sql: "SELECT DISTINCT need FROM taskNeed WHERE met = 0")
        ).compactMap(TaskID.init).filter { $0.home != naming.own.short }
    }

    func list(_ request: ListTasks) throws -> ListTasks.Reply {
        let limit = request.limit ?? 100
        var conditions = ["number < ?"]
        var arguments: StatementArguments = [request.cursor.flatMap { Int64($0) } ?? .max]
        if let state = request.state {
            conditions.append("state = ?")
            arguments += [state.rawValue]
        }
        if request.active == true { conditions.append(Self.isActive) }
        arguments += [limit + 1]
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT \(Self.columns), number FROM task WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY number DESC LIMIT ?
                    """), arguments: arguments)
        let page = rows.prefix(limit)
        let last: Int64? = page.last?[29]
        return ListTasks.Reply(
            entries: try page.map { try known($0).record },
            nextCursor: rows.count > limit ? last.map { String($0) } : nil)
    }

    /// Events after a cursor, and what of them was forgotten.
    func events(after cursor: Int, task: TaskID?, limit: Int) throws -> [TaskEvent] {
        var found: [TaskEvent] = []
        let first = try Int.fetchOne(db.cachedStatement(sql: "SELECT min(number) FROM taskEvent"))
        if let first, first > cursor + 1 {
            found.append(TaskEvent(cursor: first - 1, kind: "gap", gap: CursorGap(from: cursor + 1, to: first - 1)))
        }
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT number, kind, at, task, agent, detail FROM taskEvent
                    WHERE number > ? AND (?2 IS NULL OR task = ?2) ORDER BY number LIMIT ?
                    """), arguments: [cursor, task?.text, limit])
        return found
            + rows.map { row in
                TaskEvent(
                    cursor: row[0], kind: row[1], at: Moment(milliseconds: row[2]).date,
                    task: TaskID(row[3] as String), agent: row[4], detail: row[5])
            }
    }

    /// Forgets what was finished long ago; says how many.
    func prune() throws -> Int {
        let before = moment.adding(seconds: -limits.retention).milliseconds
        let old = try String.fetchAll(
            db.cachedStatement(
                sql: "SELECT id FROM task WHERE NOT (\(Self.isActive)) AND updated <= ? LIMIT 500"), arguments: [before]
        )
        for id in old {
            try execute("DELETE FROM taskNeed WHERE task = ?", [id])
            try execute("DELETE FROM task WHERE id = ?", [id])
        }
        try execute("DELETE FROM taskCopy WHERE seen <= ?", [before])
        try execute("DELETE FROM fence WHERE seen <= ?", [before])
        return old.count
    }
}
