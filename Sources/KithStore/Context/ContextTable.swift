import FoundationEssentials
import GRDB
import KithAPI

/// The entries inside one transaction, at one moment. Whoever may ask was checked before.
struct ContextTable {
    let db: Database
    let moment: Moment
    let limits: ContextLimits
    /// Who changes something: its id, or nothing for the owner, and its name for the history.
    let writer: (id: String, name: String)

    /// A row, which may have expired without being swept yet.
    struct Row {
        var entry: ContextEntry
        var expires: Int64?

        func isLive(at moment: Moment) -> Bool { expires.map { $0 > moment.milliseconds } ?? true }
    }

    static let columns = "key, version, created, updated, expires, value"

    func entry(_ key: String) throws -> ContextEntry? {
        guard let row = try row(key), row.isLive(at: moment) else { return nil }
        return row.entry
    }

    /// Stores the value; without a time to live it stays until it is deleted, whatever it had before.
    func set(_ request: SetContext) throws -> ContextEntry {
        let row = try row(request.key)
        let live = row.flatMap { $0.isLive(at: moment) ? $0.entry : nil }
        try check(request.ifVersion, against: live?.version ?? 0, of: request.key)
        let last = try row?.entry.version ?? pastVersion(request.key)
        if row == nil { try makeRoom() }
        try checkQuota(request)
        let entry = ContextEntry(
            key: request.key, value: request.value, version: last + 1, createdAt: live?.createdAt ?? moment.date,
            updatedAt: moment.date, expiresAt: request.secondsToLive.map { moment.adding(seconds: $0).date })
        try write(entry)
        try note(.set, entry.key, entry.version, value: entry.value)
        return entry
    }

    /// Forgets the entry and answers with what it held.
    func delete(_ request: DeleteContext) throws -> ContextEntry {
        guard let entry = try entry(request.key) else { throw Self.absent(request.key) }
        try check(request.ifVersion, against: entry.version, of: request.key)
        try forget(request.key, version: entry.version)
        try note(.deleted, request.key, entry.version)
        return entry
    }

    /// Forgets up to `most` expired entries and says how many it found.
    func sweep(_ most: Int) throws -> Int {
        let rows = try GRDB.Row.fetchAll(
            db.cachedStatement(sql: "SELECT key, version FROM context WHERE expires <= ? ORDER BY expires LIMIT ?"),
            arguments: [moment.milliseconds, most])
        for row in rows {
            try forget(row[0], version: row[1])
            try note(.expired, row[0], row[1])
        }
        return rows.count
    }

    static func absent(_ key: String) -> KithError {
        KithError(.notFound, "There is no entry `\(key)`.", hint: "`kith context list` shows what is there.")
    }

    static func row(from row: GRDB.Row) -> Row {
        let expires: Int64? = row[4]
        let value: Data = row[5]
        let entry = ContextEntry(
            key: row[0], value: String(decoding: value, as: UTF8.self), version: row[1],
            createdAt: Moment(milliseconds: row[2]).date, updatedAt: Moment(milliseconds: row[3]).date,
            expiresAt: expires.map { Moment(milliseconds: $0).date })
        return Row(entry: entry, expires: expires)
    }

    private func row(_ key: String) throws -> Row? {
        let statement = try db.cachedStatement(sql: "SELECT \(Self.columns) FROM context WHERE key = ?")
        return try GRDB.Row.fetchOne(statement, arguments: [key]).map(Self.row)
    }

    private func check(_ wanted: Int?, against version: Int, of key: String) throws {
        guard let wanted, wanted != version else { return }
        throw KithError(
            .contextVersion,
            version == 0 ? "There is no entry `\(key)`." : "The entry `\(key)` has version \(version), not \(wanted).",
            hint: "Read it again and decide anew.", details: ["version": String(version)])
    }

    private func makeRoom() throws {
        guard try count() >= limits.entries else { return }
        guard try sweep(1_000) == 0 else { return }
        throw KithError(
            .limited, "This node holds \(limits.entries) context entries, the most it may.",
            hint: "Delete some, or store them with `secondsToLive`.")
    }

    func count() throws -> Int {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT sum(entries) FROM contextUsage")) ?? 0
    }

    private func write(_ entry: ContextEntry) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO context (\(Self.columns), writer) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
                version = excluded.version, created = excluded.created, updated = excluded.updated,
                expires = excluded.expires, value = excluded.value, writer = excluded.writer
                """)
        try statement.execute(arguments: [
            entry.key, entry.version, Moment(entry.createdAt).milliseconds, Moment(entry.updatedAt).milliseconds,
            entry.expiresAt.map { Moment($0).milliseconds }, Data(entry.value.utf8), writer.id,
        ])
    }
}

// MARK: - Versions of forgotten keys

extension ContextTable {
    /// How far the version of a key had come when it was forgotten; 0 if that is not known.
    private func pastVersion(_ key: String) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT version FROM contextPast WHERE key = ?")
        return try Int.fetchOne(statement, arguments: [key]) ?? 0
    }

    /// Removes the entry, and keeps its version so that a writer who read it before cannot be fooled.
    private func forget(_ key: String, version: Int) throws {
        try db.cachedStatement(sql: "DELETE FROM context WHERE key = ?").execute(arguments: [key])
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO contextPast (key, version) VALUES (?, ?)")
            .execute(arguments: [key, version])
        let oldest = "DELETE FROM contextPast WHERE rowid <= (SELECT max(rowid) FROM contextPast) - ?"
        try db.cachedStatement(sql: oldest).execute(arguments: [limits.past])
    }
}
