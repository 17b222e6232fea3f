import FoundationEssentials
import GRDB
import KithAPI

extension MessageTable {
    /// The nodes to which something is to be said.
    func nodesToTell() throws -> [String] {
        try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT DISTINCT node FROM delivery WHERE box = \(Box.outbox.rawValue)
                    UNION SELECT DISTINCT origin FROM delivery WHERE owes = 1
                    """))
    }

    /// The next letters to a node, in the order of their numbers, and whether there are more; a message to several of
    /// its agents is one letter.
    func letters(to node: String, limit: Int) throws -> (letters: [Letter], hasMore: Bool) {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT \(Self.messageColumns), m.blob, d.agent, d.sequence, d.message
                    FROM \(Self.deliverySource)
                    WHERE d.box = \(Box.outbox.rawValue) AND d.node = ? AND m.expires > ? ORDER BY d.sequence LIMIT ?
                    """), arguments: [node, moment.milliseconds, limit])
        var letters: [Letter] = []
        var last: Int64 = -1
        var bytes = 0
        var count = 0
        while let row = try rows.next() {
            count += 1
            guard let agent = AgentName(row[15]) else { continue }
            let recipient = LetterRecipient(agent: agent, sequence: row[16])
            if row[17] == last {
                letters[letters.count - 1].recipients.append(recipient)
                continue
            }
            let letter = try letter(row, to: recipient)
            bytes += letter.body?.utf8.count ?? 0
            guard letters.isEmpty || bytes <= MessageLimits.inlineBytes * 8 else { return (letters, true) }
            last = row[17]
            letters.append(letter)
        }
        return (letters, count == limit)
    }

    private func letter(_ row: Row, to recipient: LetterRecipient) throws -> Letter {
        let message = try message(from: row)
        let blob: String? = row[14]
        guard let sender = AgentName(row[2]) else { throw Self.absent(message.id) }
        let left = Double(Moment(message.expiresAt).milliseconds - moment.milliseconds) / 1000
        return Letter(
            id: message.id, from: sender, recipients: [recipient], to: message.to, kind: message.kind,
            subject: message.subject, body: blob == nil ? message.body : nil, blob: blob, thread: message.thread,
            replyTo: message.replyTo, channel: message.channel, ack: message.ack, task: message.task,
            sentAt: message.sentAt, secondsToLive: max(1, Int(left.rounded(.up))))
    }

    /// Writes down what a node said about letters to it; what it said before stays.
    func settle(_ outcomes: [LetterOutcome], from node: String) throws -> Marked {
        var marked = Marked()
        for outcome in outcomes {
            let rows = try deliveryRows(
                "d.box = \(Box.outbox.rawValue) AND d.node = ? AND d.sequence = ?", [node, outcome.sequence])
            for row in rows where try advance(row, to: outcome.state, reason: outcome.reason) { marked.add(row) }
        }
        return marked
    }

    /// Gives up everything that waits for a node.
    func giveUp(on node: String, as state: DeliveryState, _ reason: String) throws -> Marked {
        var marked = Marked()
        for row in try deliveryRows("d.box = \(Box.outbox.rawValue) AND d.node = ?", [node]) {
            if try advance(row, to: state, reason: reason) { marked.add(row) }
        }
        try execute("UPDATE delivery SET owes = 0 WHERE owes = 1 AND origin = ?", [node])
        return marked
    }

    /// Notes why what waits for a node still waits, and tells the agents that wrote it, once.
    func delay(_ node: String, _ reason: String, notice: Bool) throws -> Marked {
        var marked = Marked()
        let rows = try deliveryRows("d.box = \(Box.outbox.rawValue) AND d.node = ?", [node])
        for row in rows { marked.add(row) }
        try execute(
            "UPDATE delivery SET reason = ? WHERE box = \(Box.outbox.rawValue) AND node = ?", [reason, node])
        guard notice else { return marked }
        for sender in Set(rows.map(\.sender)) {
            let count = rows.count { $0.sender == sender }
            try self.notice("\(count) messages to \(naming.text(node)) wait: \(reason).", to: sender, about: nil)
        }
        return marked
    }

    // MARK: Receipts

    /// What a node has not been told yet about its messages.
    func owedReceipts(to origin: String, limit: Int) throws -> [Receipt] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT m.id, d.agent, d.state, d.reason FROM delivery d JOIN message m ON m.number = d.message
                WHERE d.owes = 1 AND d.origin = ? ORDER BY d.number LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: [origin, limit]).compactMap { row in
            guard let id = MessageID(row[0]), let agent = AgentName(row[1]) else { return nil }
            return Receipt(message: id, agent: agent, state: Self.state(row[2]), reason: row[3])
        }
    }

    /// These were taken; what has gone on meanwhile is still owed.
    func receiptsTaken(_ receipts: [Receipt]) throws {
        for receipt in receipts {
            guard let message = try number(of: receipt.message) else { continue }
            try execute(
                "UPDATE delivery SET owes = 0 WHERE message = ? AND node = '' AND agent = ? AND state = ?",
                [message, receipt.agent.text, receipt.state.rawValue])
        }
    }

    /// Writes down how far messages of this node have come at `node`.
    func take(_ receipts: [Receipt], from node: String) throws -> Marked {
        var marked = Marked()
        for receipt in receipts {
            guard let message = try number(of: receipt.message) else { continue }
            let rows = try deliveryRows(
                "d.message = ? AND d.node = ? AND d.agent = ? AND d.origin = ''", [message, node, receipt.agent.text])
            for row in rows where try advance(row, to: receipt.state, reason: receipt.reason) { marked.add(row) }
        }
        return marked
    }
}
