import FoundationEssentials
import GRDB
import KithAPI

/// What of an inbox is asked for.
struct InboxQuery: Sendable {
    var agent: AgentName?
    var after: Int64 = 0
    var limit = 50
    var channel: String?
    var thread: MessageID?
    var from: (agent: String, node: String)?
    var isFreshOnly = false
    var isHeld = false
}

/// A page of an inbox, and which of it was never handed out before.
struct InboxPage {
    var reply: ReadInbox.Reply
    var unshown: [Int64]
}

extension MessageTable {
    func inbox(_ query: InboxQuery) throws -> InboxPage {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: Self.sql(query)), arguments: Self.arguments(query, moment))
        var page = InboxPage(reply: ReadInbox.Reply(entries: [], nextCursor: nil), unshown: [])
        var last: Int64 = 0
        var bytes = 0
        while let row = try rows.next() {
            let body: Data? = row[13]
            bytes += 400 + (body?.count ?? 0)
            guard page.reply.entries.count < query.limit,
                page.reply.entries.isEmpty || bytes <= MessageLimits.pageBytes
            else {
                page.reply.nextCursor = String(last)
                return page
            }
            guard let agent = AgentName(row[15]) else { continue }
            last = row[14]
            if row[18] == 0 { page.unshown.append(last) }
            page.reply.entries.append(
                InboxEntry(
                    message: try message(from: row), agent: agent, state: Self.state(row[16]),
                    receivedAt: Moment(milliseconds: row[17]).date, isRepeat: row[18] != 0))
        }
        return page
    }

    /// Notes that these have been handed out, so that a repeat can be told.
    func markShown(_ numbers: [Int64]) throws {
        for number in numbers { try execute("UPDATE delivery SET shown = shown + 1 WHERE number = ?", [number]) }
    }

    /// When the next message that was put back comes again.
    func nextDue(_ agent: String) throws -> Moment? {
        let statement = try db.cachedStatement(
            sql: "SELECT min(due) FROM delivery WHERE fresh = 1 AND agent = ? AND due > ?")
        return try Int64.fetchOne(statement, arguments: [agent, moment.milliseconds]).map {
            Moment(milliseconds: $0)
        }
    }

    func freshCount(_ agent: AgentName) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT count(*) FROM delivery WHERE fresh = 1 AND agent = ?")
        return try Int.fetchOne(statement, arguments: [agent.text]) ?? 0
    }

    static func sql(_ query: InboxQuery) -> String {
        """
        SELECT \(messageColumns), d.number, d.agent, d.state, d.changed, d.shown
        FROM \(deliverySource)
        WHERE \(condition(query)) ORDER BY d.number
        """
    }

    /// Without a look at what has expired or comes again later: this is news, not the list.
    func standing(of agent: AgentName) throws -> InboxNews {
        let statement = try db.cachedStatement(
            sql: """
                SELECT count(*), (SELECT m.id FROM delivery d JOIN message m ON m.number = d.message
                    WHERE d.box = 1 AND d.agent = ?1 ORDER BY d.number DESC LIMIT 1)
                FROM delivery WHERE box = 1 AND agent = ?1
                """)
        let row = try Row.fetchOne(statement, arguments: [agent.text])
        return InboxNews(
            unread: try freshCount(agent), waiting: row?[0] ?? 0, newest: (row?[1] as String?).flatMap(MessageID.init))
    }

    private static func condition(_ query: InboxQuery) -> String {
        var parts = ["d.number > ?", "m.expires > ?"]
        if query.isHeld {
            parts.append("d.box = \(Box.held.rawValue)")
        } else {
            parts += [query.isFreshOnly ? "d.fresh = 1" : "d.box = \(Box.inbox.rawValue)", "d.agent = ?", "d.due <= ?"]
        }
        if query.channel != nil { parts.append("m.channel = ?") }
        if query.thread != nil { parts.append("m.thread = ?") }
        if query.from != nil { parts.append("m.sender = ? AND m.origin = ?") }
        return parts.joined(separator: " AND ")
    }

    static func arguments(_ query: InboxQuery, _ moment: Moment) -> StatementArguments {
        var values: StatementArguments = [query.after, moment.milliseconds]
        if !query.isHeld { values += [query.agent?.text ?? "", moment.milliseconds] }
        if let channel = query.channel { values += [channel] }
        if let thread = query.thread { values += [thread.text] }
        if let from = query.from { values += [from.agent, from.node] }
        return values
    }

    // MARK: Marking

    /// Moves the agent's deliveries of these messages on, and says which nodes are owed a receipt.
    func mark(_ messages: [MessageID], of agent: AgentName, as state: DeliveryState) throws -> Marked {
        var marked = Marked()
        for id in messages {
            guard let row = try delivery(id, to: agent) else { throw try absent(id, from: agent) }
            guard try advance(row, to: state) else { continue }
            marked.add(row)
        }
        return marked
    }

    /// Puts messages back; after five times they are dead.
    func putBack(_ request: NackMessages, of agent: AgentName) throws -> Marked {
        var marked = Marked()
        for id in request.messages {
            guard let row = try delivery(id, to: agent) else { throw try absent(id, from: agent) }
            guard !DeliveryLife(row.state, wish: row.wish).isOver else { continue }
            marked.add(row)
            try putBack(row, request)
        }
        return marked
    }

    private func putBack(_ row: DeliveryRow, _ request: NackMessages) throws {
        let nacks = try Int.fetchOne(
            db.cachedStatement(sql: "UPDATE delivery SET nacks = nacks + 1 WHERE number = ? RETURNING nacks"),
            arguments: [row.number])
        guard nacks ?? 0 < MessageLimits.nacks else {
            try advance(
                row, to: .dead, reason: "put back \(MessageLimits.nacks) times; \(request.reason ?? "no reason given")")
            return
        }
        let due = moment.adding(seconds: request.seconds ?? 60)
        try execute(
            "UPDATE delivery SET fresh = 1, due = ?, reason = ? WHERE number = ? AND box = 1",
            [
                due.milliseconds, request.reason, row.number,
            ])
    }

    /// Lets what is held in, or refuses it.
    func release(_ messages: [MessageID], _ verdict: MessageVerdict) throws -> Marked {
        var marked = Marked()
        for id in messages {
            guard let message = try number(of: id) else { throw Self.absent(id) }
            for row in try deliveryRows("d.message = ? AND d.box = \(Box.held.rawValue)", [message]) {
                marked.add(row)
                try release(row, verdict)
            }
        }
        return marked
    }

    private func release(_ row: DeliveryRow, _ verdict: MessageVerdict) throws {
        guard verdict == .accept else {
            try advance(row, to: .refused, reason: "its owner refused it")
            return
        }
        try advance(row, to: .stored)
        try execute("UPDATE delivery SET box = 1, fresh = 1 WHERE number = ?", [row.number])
    }

    /// What the end of an agent's session means: who needs an acknowledgement will not get one.
    func endSession(of agent: AgentName) throws -> Marked {
        var marked = Marked()
        let rows = try deliveryRows(
            "d.box = 1 AND d.agent = ? AND d.state = 'surfaced' AND m.ack = 'need'", [agent.text])
        for row in rows {
            marked.add(row)
            try advance(row, to: .dead, reason: "the session of \(row.agent) ended without an acknowledgement")
        }
        return marked
    }
}

/// What was changed by marking: how much, who hears of it elsewhere, and whose inbox has news.
struct Marked: Sendable {
    var count = 0
    var origins: Set<String> = []
    var agents: Set<String> = []

    mutating func add(_ row: MessageTable.DeliveryRow) {
        count += 1
        agents.insert(row.agent)
        if row.origin.isEmpty { agents.insert(row.sender) } else { origins.insert(row.origin) }
    }
}
