import FoundationEssentials
import GRDB
import KithAPI

extension MessageTable {
    /// Moves on what has expired, a thousand deliveries of each box at most.
    func expire() throws -> Marked {
        var marked = Marked()
        for box in [Box.inbox, .outbox, .held] {
            let rows = try deliveryRows("d.box = \(box.rawValue) AND m.expires <= ? LIMIT 1000", [moment.milliseconds])
            for row in rows where try advance(row, to: .expired, reason: "its time ran out") { marked.add(row) }
        }
        return marked
    }

    /// Forgets messages whose time was over long ago, and long texts that no message needs; says how many. When
    /// room is short, whatever is over goes, the oldest first.
    func prune() throws -> Int {
        let before = try isCrowded() ? Int64.max : moment.adding(seconds: -limits.retention).milliseconds
        let old = try Int64.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT number FROM message m WHERE expires <= ? AND NOT EXISTS
                    (SELECT 1 FROM delivery d WHERE d.message = m.number AND (d.box <> 0 OR d.owes = 1)) ORDER BY number LIMIT 500
                    """), arguments: [before])
        for number in old {
            try execute("DELETE FROM delivery WHERE message = ?", [number])
            try execute("DELETE FROM message WHERE number = ?", [number])
        }
        let hour = moment.adding(seconds: -3_600).milliseconds
        try execute(
            "DELETE FROM blob WHERE created <= ? AND hash NOT IN (SELECT blob FROM message WHERE blob IS NOT NULL)",
            [hour])
        try execute("DELETE FROM upload WHERE created <= ?", [hour])
        return old.count
    }

    /// A page of a conversation.
    func thread(_ request: ReadThread) throws -> ReadThread.Reply {
        guard let number = try number(of: request.thread) else { throw Self.absent(request.thread) }
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT \(Self.messageColumns), m.number FROM \(Self.messageSource)
                    WHERE m.thread = (SELECT thread FROM message WHERE number = ?) AND m.number > ? ORDER BY m.number
                    """), arguments: [number, request.cursor.flatMap { Int64($0) } ?? 0])
        var reply = ReadThread.Reply(entries: [], nextCursor: nil)
        var last: Int64 = 0
        var bytes = 0
        while let row = try rows.next() {
            let body: Data? = row[13]
            bytes += 400 + (body?.count ?? 0)
            guard reply.entries.count < request.limit ?? 50, reply.entries.isEmpty || bytes <= MessageLimits.pageBytes
            else {
                reply.nextCursor = String(last)
                return reply
            }
            last = row[14]
            reply.entries.append(
                MessageRecord(message: try message(from: row), deliveries: try deliveries(of: last)))
        }
        return reply
    }
}
