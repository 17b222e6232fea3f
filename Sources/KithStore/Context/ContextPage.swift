import FoundationEssentials
import GRDB
import KithAPI

/// One page of a listing while it fills: what the caller may read, in the order of the keys' bytes.
struct ContextPage {
    let limit: Int
    private var entries: [ContextEntry] = []
    private var bytes = 0

    init(limit: Int) { self.limit = limit }

    /// Reads the page that follows the cursor.
    ///
    /// The cursor given out is always a key that the caller has seen, so it tells nothing else.
    static func read(
        _ request: ListContext, _ table: ContextTable, mayRead: (String) -> Bool
    ) throws -> ListContext.Reply {
        var page = ContextPage(limit: request.limit ?? 100)
        let rows = try GRDB.Row.fetchCursor(statement(request, table), arguments: [from(request)])
        while let row = try rows.next() {
            let key: String = row[0]
            guard key.utf8.starts(with: (request.prefix ?? "").utf8) else { break }
            guard mayRead(key), isLive(row, table.moment) else { continue }
            guard page.take(ContextTable.row(from: row).entry) else { return page.reply(isLast: false) }
        }
        return page.reply(isLast: true)
    }

    /// Adds the entry; false if it belongs on the next page.
    private mutating func take(_ entry: ContextEntry) -> Bool {
        let size = Self.encodedSize(entry)
        guard entries.count < limit, entries.isEmpty || bytes + size <= ContextLimits.pageBytes else { return false }
        entries.append(entry)
        bytes += size
        return true
    }

    private func reply(isLast: Bool) -> ListContext.Reply {
        ListContext.Reply(entries: entries, nextCursor: isLast ? nil : entries.last?.key)
    }

    private static func isLive(_ row: GRDB.Row, _ moment: Moment) -> Bool {
        let expires: Int64? = row[4]
        return expires.map { $0 > moment.milliseconds } ?? true
    }

    private static func statement(_ request: ListContext, _ table: ContextTable) throws -> Statement {
        let comparison = startsAfterCursor(request) ? ">" : ">="
        return try table.db.cachedStatement(
            sql: "SELECT \(ContextTable.columns) FROM context WHERE key \(comparison) ? ORDER BY key")
    }

    private static func from(_ request: ListContext) -> String {
        (startsAfterCursor(request) ? request.cursor : request.prefix) ?? ""
    }

    /// Whether the cursor, rather than the prefix, says where to begin.
    private static func startsAfterCursor(_ request: ListContext) -> Bool {
        guard let cursor = request.cursor else { return false }
        return !cursor.utf8.lexicographicallyPrecedes((request.prefix ?? "").utf8)
    }

    /// About what the entry takes in JSON, where a control character takes six bytes.
    private static func encodedSize(_ entry: ContextEntry) -> Int {
        200 + escapedSize(entry.key) + escapedSize(entry.value)
    }

    private static func escapedSize(_ text: String) -> Int {
        text.utf8.reduce(0) { size, byte in
            if byte < 0x20 { return size + 6 }
            return size + (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 2 : 1)
        }
    }
}
