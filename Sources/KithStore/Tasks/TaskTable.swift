import FoundationEssentials
import GRDB
import KithAPI

/// The tasks inside one transaction, at one moment: the place where claims are decided.
struct TaskTable {
    let db: Database
    let moment: Moment
    let limits: TaskLimits
    let naming: NodeNaming

    static let columns = """
        id, title, body, target, priority, dedupeKey, state, progress, result, reason, unmet, claims, attempts,
        maximumAttempts, leaseSeconds, occurrences, lastSeen, created, updated, progressed, notBefore, poster,
        posterNode, holder, holderNode, epoch, token, lapsed,
        (SELECT group_concat(need, ' ') FROM (SELECT need FROM taskNeed WHERE taskNeed.task = task.id ORDER BY need))
        """
    static let finished: Set<TaskState> = [.done, .failed, .cancelled]
    static let isActive = "state NOT IN ('done', 'failed', 'cancelled')"

    /// A task with what the record does not say.
    struct Known {
        var record: TaskRecord
        var holder: String?
        var holderNode: String?
        var posterNode: String
        var epoch: Int?
        var isLapsed: Bool
        var poster: String
    }

    // MARK: Reading

    func find(_ id: TaskID) throws -> Known {
        let statement = try db.cachedStatement(sql: "SELECT \(Self.columns) FROM task WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.text]) else { throw Self.absent(id) }
        return try known(row)
    }

    /// The newest tasks whose id begins like that.
    func find(beginning: String, limit: Int) throws -> [TaskRecord] {
        let statement = try db.cachedStatement(
            sql: "SELECT \(Self.columns) FROM task WHERE id >= ?1 AND id < ?1 || '~' ORDER BY number DESC LIMIT ?2")
        return try Row.fetchAll(statement, arguments: [beginning, limit]).map { try known($0).record }
    }

    static func absent(_ id: TaskID) -> KithError {
        KithError(.notFound, "There is no task \(id).", hint: "`kith task list` shows what is there.")
    }

    func known(_ row: Row) throws -> Known {
        guard let id = TaskID(row[0]), let state = TaskState(rawValue: row[6]) else {
            throw KithError(.storeDamaged, "A task in the database cannot be read.")
        }
        let body: Data? = row[2]
        let result: Data? = row[8]
        let target: String = row[3]
        let notBefore: Int64 = row[20]
        let progressed: Int64 = row[19]
        let holder: String? = row[23]
        let holderNode: String? = row[24]
        let needs: String? = row[28]
        let isHeld = holder != nil && ![.open, .done, .failed, .cancelled].contains(state)
        let record = TaskRecord(
            id: id, title: row[1], body: body.map { String(decoding: $0, as: UTF8.self) },
            target: target.split(separator: "\n").map(String.init),
            needs: (needs ?? "").split(separator: " ").compactMap { TaskID(String($0)) }, priority: row[4],
            dedupeKey: row[5], state: state, progress: row[7],
            result: result.map { String(decoding: $0, as: UTF8.self) },
            reason: row[9], claims: row[11], attempts: row[12], maximumAttempts: row[13], occurrences: row[15],
            lastSeenAt: Moment(milliseconds: row[16]).date, createdAt: Moment(milliseconds: row[17]).date,
            updatedAt: Moment(milliseconds: row[18]).date,
            notBefore: notBefore > moment.milliseconds ? Moment(milliseconds: notBefore).date : nil,
            poster: naming.address(row[21], row[22]),
            holder: isHeld ? holder.map { naming.address($0, holderNode ?? "") } : nil, token: row[26],
            leaseSeconds: row[14], isReady: row[10] == 0,
            isStalled: isHeld && progressed <= moment.adding(seconds: -TaskLimits.stall).milliseconds,
            home: naming.text(""))
        return Known(
            record: record, holder: holder, holderNode: holderNode, posterNode: row[22], epoch: row[25],
            isLapsed: row[27], poster: row[21])
    }

    // MARK: Changing

    /// The holder's own task, if its token is the highest; else the refusal.
    ///
    /// Who let its lease run out may come back as long as nobody else has claimed the task.
    func held(_ id: TaskID, token: Int, by node: String) throws -> Known {
        try held(try find(id), token: token, by: node)
    }

    /// The same for a task that was just read.
    func held(_ known: Known, token: Int, by node: String) throws -> Known {
        let id = known.record.id
        guard token <= known.record.token else {
            throw Self.stale("No claim of task \(id) has the token \(token).", known)
        }
        guard token == known.record.token, known.holder != nil else {
            throw Self.stale("Task \(id) was claimed again: its token is \(known.record.token), not \(token).", known)
        }
        guard known.holderNode == node else {
            throw KithError(.denied, "Task \(id) is held on another node.", hint: "Ask there.")
        }
        let isHeld = !Self.finished.contains(known.record.state) && known.record.state != .open
        guard isHeld || (known.record.state == .open && known.isLapsed) else {
            throw Self.stale("Task \(id) is \(known.record.state.rawValue): the claim is over.", known)
        }
        return known
    }

    static func stale(_ message: String, _ known: Known) -> KithError {
        KithError(
            .taskStale, message, hint: "Stop working on it, or claim it again.",
            details: ["token": String(known.record.token), "state": known.record.state.rawValue])
    }

    /// Changes a task and answers with what it is then; the last argument is its id.
    func change(_ changes: String, _ arguments: StatementArguments) throws -> Known {
        let statement = try db.cachedStatement(sql: "UPDATE task SET \(changes) WHERE id = ? RETURNING \(Self.columns)")
        guard let row = try Row.fetchOne(statement, arguments: arguments) else {
            throw KithError(.storeDamaged, "A task in the database is gone.")
        }
        return try known(row)
    }

    /// Ends the holder's claim in a final state, and tells what waits for it.
    @discardableResult
    func finish(_ known: Known, as state: TaskState, result: String? = nil, reason: String? = nil) throws -> Known {
        let finished = try change(
            "state = ?, result = coalesce(?, result), reason = ?, updated = ?, lapsed = 0",
            [
                state.rawValue, result.map { Data($0.utf8) }, reason, moment.milliseconds, known.record.id.text,
            ])
        try note(
            known.record.id, state.rawValue, known.holder.map { naming.address($0, known.holderNode ?? "") }, reason)
        try drop(known.record.id)
        if state == .done { try meet(known.record.id) } else { try disappoint(known.record.id, state) }
        return finished
    }

    /// That a task will never be done: what needs it says so, and waits for a person.
    func disappoint(_ need: TaskID, _ state: TaskState) throws {
        try execute(
            """
            UPDATE task SET reason = ? WHERE state = 'open'
            AND id IN (SELECT task FROM taskNeed WHERE need = ? AND met = 0)
            """, ["it needs \(need), which is \(state.rawValue)", need.text])
    }

    /// That a task, here or elsewhere, is done: what needs it may be ready now. Says what became ready.
    @discardableResult
    func meet(_ need: TaskID) throws -> [String] {
        let statement = try db.cachedStatement(
            sql: "UPDATE taskNeed SET met = 1 WHERE need = ? AND met = 0 RETURNING task")
        let dependents = try String.fetchAll(statement, arguments: [need.text])
        var ready: [String] = []
        for task in dependents {
            let left = try Int.fetchOne(
                db.cachedStatement(sql: "UPDATE task SET unmet = unmet - 1 WHERE id = ? RETURNING unmet"),
                arguments: [task])
            guard left == 0, let id = TaskID(task) else { continue }
            ready.append(task)
            try note(id, "ready", nil, nil)
        }
        return ready
    }

    /// Writes an event down.
    func note(_ task: TaskID, _ kind: String, _ agent: String?, _ detail: String?) throws {
        try execute(
            "INSERT INTO taskEvent (task, at, kind, agent, detail) VALUES (?, ?, ?, ?, ?)",
            [task.text, moment.milliseconds, kind, agent, detail])
        let last = db.lastInsertedRowID
        // Many at a time, because each of them lies on a page that is not touched otherwise.
        guard last % max(1, Int64(limits.events) / 64) == 0 else { return }
        try execute("DELETE FROM taskEvent WHERE number <= ?", [last - Int64(limits.events)])
    }

    func execute(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
