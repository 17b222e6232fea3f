import FoundationEssentials
import GRDB
import KithAPI

/// The last changes, for those who watch, and what each writer takes up.
extension ContextTable {
    /// Writes a change down, and forgets the oldest beyond the limits.
    func note(_ kind: ContextChange.Kind, _ key: String, _ version: Int, value: String? = nil) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO contextChange (key, kind, version, at, by, value, total) VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                coalesce((SELECT total FROM contextChange ORDER BY number DESC LIMIT 1), 0) + coalesce(length(?6), 0))
                """
        ).execute(arguments: [
            key, kind.rawValue, version, moment.milliseconds, writer.name, value.map { Data($0.utf8) },
        ])
        try forgetOldest(db.lastInsertedRowID)
    }

    /// Many at a time, because each of them lies on a page that is not touched otherwise.
    private func forgetOldest(_ last: Int64) throws {
        if last % max(1, Int64(limits.changes.count) / 64) == 0 {
            try forget("number <= ?", [last - Int64(limits.changes.count)])
        }
        while try keptBytes() > limits.changes.bytes {
            try forget("number = (SELECT min(number) FROM contextChange)", [])
        }
    }

    /// The bytes of all values that are kept.
    private func keptBytes() throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                SELECT (SELECT total FROM contextChange ORDER BY number DESC LIMIT 1)
                - (SELECT total - coalesce(length(value), 0) FROM contextChange ORDER BY number LIMIT 1)
                """)
        return try Int.fetchOne(statement) ?? 0
    }

    private func forget(_ condition: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: "DELETE FROM contextChange WHERE \(condition)").execute(arguments: arguments)
    }

    /// The number of the last change.
    func lastChange() throws -> Int {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT max(number) FROM contextChange")) ?? 0
    }

    /// The next changes after a cursor, and the number up to which that is all.
    ///
    /// Where some were forgotten, the first change says which.
    func changes(after cursor: Int, limit: Int) throws -> [ContextChange] {
        let first =
            try Int.fetchOne(db.cachedStatement(sql: "SELECT min(number) FROM contextChange")) ?? (try lastChange() + 1)
        var found: [ContextChange] = []
        if first > cursor + 1 {
            found.append(ContextChange(cursor: first - 1, kind: .gap, gap: CursorGap(from: cursor + 1, to: first - 1)))
        }
        let rows = try GRDB.Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(Self.changeColumns) FROM contextChange WHERE number > ? ORDER BY number"),
            arguments: [cursor])
        var bytes = 0
        while let row = try rows.next(), found.count < limit, bytes < ContextLimits.pageBytes {
            let change = Self.change(row)
            bytes += change.value?.utf8.count ?? 0
            found.append(change)
        }
        return found
    }

    /// The last changes of one key, newest first.
    func history(of key: String) throws -> [ContextChange] {
        let statement = try db.cachedStatement(
            sql: "SELECT \(Self.changeColumns) FROM contextChange WHERE key = ? ORDER BY number DESC LIMIT ?")
        return try GRDB.Row.fetchAll(statement, arguments: [key, limits.changes.perKey]).map(Self.change)
    }

    private static let changeColumns = "number, key, kind, version, at, by, value"

    private static func change(_ row: GRDB.Row) -> ContextChange {
        let value: Data? = row[6]
        return ContextChange(
            cursor: row[0], kind: ContextChange.Kind(rawValue: row[2]) ?? .set, key: row[1],
            value: value.map { String(decoding: $0, as: UTF8.self) }, version: row[3],
            at: Moment(milliseconds: row[4]).date, by: row[5])
    }

    // MARK: Quotas

    /// - Throws: `limited` when the value would not fit into what its writer, or this node, may hold.
    func checkQuota(_ request: SetContext) throws {
        let size = request.key.utf8.count + request.value.utf8.count
        let all = try Int.fetchOne(db.cachedStatement(sql: "SELECT sum(bytes) FROM contextUsage")) ?? 0
        guard all + size <= limits.bytes else {
            throw KithError(
                .limited, "The context of this node is full: \(limits.bytes) bytes.", hint: "Delete some of it.")
        }
        guard !writer.id.isEmpty else { return }
        let statement = try db.cachedStatement(sql: "SELECT entries, bytes FROM contextUsage WHERE writer = ?")
        let row = try GRDB.Row.fetchOne(statement, arguments: [writer.id])
        guard row?[0] ?? 0 < limits.perPeer.entries, (row?[1] ?? 0) + size <= limits.perPeer.bytes else {
            throw KithError(
                .limited,
                "You have \(limits.perPeer.entries) entries or \(limits.perPeer.bytes) bytes here, the most a peer may.",
                hint: "Delete some of yours.")
        }
    }
}
