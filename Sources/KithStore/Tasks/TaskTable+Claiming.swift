import FoundationEssentials
import GRDB
import KithAPI

extension TaskTable {
    /// Grants a claim, or says who has the task; the same agent and epoch get the same answer again.
    func claim(_ id: TaskID, _ claimant: Claimant) throws -> TaskClaim {
        let known = try find(id)
        guard !Self.finished.contains(known.record.state) else {
            throw KithError(
                .conflict, "Task \(id) is \(known.record.state.rawValue).", hint: "Post it again if need be.")
        }
        if isHeld(known, by: claimant), try !isOutdated(claimant, known) { return claim(known) }
        guard known.record.state == .open else { throw Self.taken(known) }
        try checkClaimable(known, claimant)
        return try grant(id, claimant)
    }

    /// Claims the task of the highest priority, the oldest of these, that the claimant may have.
    func next(_ claimant: Claimant) throws -> TaskClaim? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT id, target FROM task WHERE state = 'open' AND unmet = 0 AND notBefore <= ?
                    ORDER BY priority DESC, number LIMIT \(limits.active)
                    """), arguments: [moment.milliseconds])
        while let row = try rows.next() {
            let target: String = row[1]
            guard claimant.fits(target.split(separator: "\n").map(String.init), naming), let id = TaskID(row[0]) else {
                continue
            }
            return try grant(id, claimant)
        }
        return nil
    }

    /// When the next task that was put off may be tried.
    func nextDue() throws -> Moment? {
        let statement = try db.cachedStatement(
            sql: "SELECT min(notBefore) FROM task WHERE state = 'open' AND unmet = 0 AND notBefore > ?")
        return try Int64.fetchOne(statement, arguments: [moment.milliseconds]).map { Moment(milliseconds: $0) }
    }

    private func isHeld(_ known: Known, by claimant: Claimant) -> Bool {
        known.record.state != .open && known.holder == claimant.agent && known.holderNode == claimant.nodeText
    }

    /// - Throws: `task.stale` for a session that is older than the one that holds the task.
    private func isOutdated(_ claimant: Claimant, _ known: Known) throws -> Bool {
        let epoch = known.epoch ?? 0
        guard claimant.epoch >= epoch else {
            throw Self.stale("A later session of \(claimant.agent) holds task \(known.record.id).", known)
        }
        return claimant.epoch > epoch
    }

    private func checkClaimable(_ known: Known, _ claimant: Claimant) throws {
        let task = known.record
        guard task.isReady else {
            throw KithError(
                .conflict, "Task \(task.id) needs others that are not done.", hint: "`kith task show \(task.id)`.")
        }
        guard task.notBefore == nil else {
            throw KithError(.conflict, "Task \(task.id) is put off after a failure.", hint: "Try again later.")
        }
        guard claimant.fits(task.target, naming) else {
            throw KithError(.denied, "Task \(task.id) is for \(task.target.joined(separator: ", ")).")
        }
    }

    private static func taken(_ known: Known) -> KithError {
        KithError(
            .taskHeld, "Task \(known.record.id) is held by \(known.record.holder ?? "somebody").",
            hint: "`kith task claim-next` finds another.")
    }

    private func grant(_ id: TaskID, _ claimant: Claimant) throws -> TaskClaim {
        let granted = try change(
            """
            state = 'claimed', holder = ?, holderNode = ?, epoch = ?, token = token + 1,
            claims = claims + 1, lapsed = 0, reason = NULL, updated = ?4, progressed = ?4
            """,
            [claimant.agent, claimant.nodeText, claimant.epoch, moment.milliseconds, id.text])
        try note(id, "claimed", naming.address(claimant.agent, claimant.nodeText), nil)
        let claim = claim(granted)
        if claimant.node == nil {
            try hold(
                Holding(
                    task: id, agent: claimant.card.agent, epoch: claimant.epoch, token: claim.token,
                    leaseSeconds: claim.leaseSeconds))
        }
        return claim
    }

    func claim(_ known: Known) -> TaskClaim {
        TaskClaim(task: known.record, token: known.record.token, leaseSeconds: known.record.leaseSeconds)
    }

    // MARK: Losing a claim

    /// The lease of this token is over; nothing happens if the task has gone on meanwhile.
    func lapse(_ id: TaskID, token: Int) throws -> Known? {
        guard let known = try? find(id), known.record.token == token, known.record.holder != nil else { return nil }
        return try fail(
            known, event: "lapsed", reason: "the lease of \(known.record.holder ?? "") ran out", mayReturn: true)
    }

    /// Counts a failed attempt: the task is open again after a while, or given up.
    func fail(_ known: Known, event: String, reason: String, mayReturn: Bool, isFinal: Bool = false) throws -> Known {
        let task = known.record
        let attempts = task.attempts + 1
        try execute("UPDATE task SET attempts = ? WHERE id = ?", [attempts, task.id.text])
        guard attempts < task.maximumAttempts, !isFinal else {
            return try finish(known, as: .failed, reason: reason)
        }
        let pause = mayReturn ? 0 : Self.pause(after: attempts)
        try open(task.id, notBefore: moment.adding(seconds: pause), reason: reason, mayReturn: mayReturn)
        try note(task.id, event, known.holder.map { naming.address($0, known.holderNode ?? "") }, reason)
        return try find(task.id)
    }

    /// Seconds until the next attempt: 5, 10, 20 … at most an hour.
    static func pause(after attempts: Int) -> Int { min(5 << min(attempts - 1, 10), 3_600) }

    /// Gives a claim back without counting an attempt.
    func release(_ known: Known, reason: String) throws -> Known {
        try open(known.record.id, notBefore: Moment(milliseconds: 0), reason: reason, mayReturn: false)
        try note(known.record.id, "released", known.holder.map { naming.address($0, known.holderNode ?? "") }, reason)
        return try find(known.record.id)
    }

    private func open(_ id: TaskID, notBefore: Moment, reason: String, mayReturn: Bool) throws {
        if !mayReturn { try drop(id) }
        try execute(
            """
            UPDATE task SET state = 'open', notBefore = ?, reason = ?, lapsed = ?, updated = ?,
            holder = CASE WHEN ?3 THEN holder END WHERE id = ?
            """,
            [notBefore.milliseconds, reason, mayReturn ? 1 : 0, moment.milliseconds, id.text])
    }

    /// A holder whose lease had run out is back before anybody else came.
    func reclaim(_ known: Known) throws {
        guard known.record.state == .open else { return }
        try execute(
            "UPDATE task SET state = 'working', lapsed = 0, reason = NULL, updated = ? WHERE id = ?",
            [moment.milliseconds, known.record.id.text])
        try note(known.record.id, "claimed", naming.address(known.holder ?? "", known.holderNode ?? ""), "came back")
    }
}
