import FoundationEssentials
import GRDB
import KithAPI

/// The messages and deliveries inside one transaction, at one moment. Whoever may ask was checked before.
struct MessageTable {
    let db: Database
    let moment: Moment
    let limits: MessageLimits
    let naming: NodeNaming

    /// The sender of what the node itself has to say.
    static let node = "kith"

    /// Where a delivery waits.
    enum Box: Int {
        case none, inbox, outbox, held
    }

    /// A delivery with what its message says about it.
    struct DeliveryRow {
        var number: Int64
        var message: Int64
        var agent: String
        var node: String
        var origin: String
        var sender: String
        var state: DeliveryState
        var wish: AckWish
    }

    static let deliveryColumns = "d.number, d.message, d.agent, d.node, d.origin, m.sender, d.state, m.ack"
    static let messageColumns = """
        m.id, m.origin, m.sender, m.recipients, m.kind, m.subject, m.thread, m.replyTo, m.channel, m.ack, m.task,
        m.sent, m.expires, coalesce(m.body, b.bytes)
        """
    static let messageSource = "message m LEFT JOIN blob b ON b.hash = m.blob"
    /// Deliveries with what ``messageColumns`` are taken from.
    static let deliverySource =
        "delivery d JOIN message m ON m.number = d.message LEFT JOIN blob b ON b.hash = m.blob"

    // MARK: Reading

    /// Reads a message from a row that begins with ``messageColumns``.
    func message(from row: Row) throws -> Message {
        guard let id = MessageID(row[0]), let thread = MessageID(row[6]), let kind = MessageKind(rawValue: row[4]),
            let ack = AckWish(rawValue: row[9])
        else { throw KithError(.storeDamaged, "A message in the database cannot be read.") }
        let body: Data = row[13] ?? Data()
        let recipients: String = row[3]
        return Message(
            id: id, from: naming.address(row[2], row[1]), to: recipients.split(separator: "\n").map(String.init),
            kind: kind, subject: row[5], body: String(decoding: body, as: UTF8.self), thread: thread,
            replyTo: (row[7] as String?).flatMap(MessageID.init), channel: row[8], ack: ack,
            task: (row[10] as String?).flatMap(TaskID.init), sentAt: Moment(milliseconds: row[11]).date,
            expiresAt: Moment(milliseconds: row[12]).date)
    }

    /// The deliveries of a message, in the order in which they were made.
    func deliveries(of message: Int64) throws -> [Delivery] {
        let statement = try db.cachedStatement(
            sql: "SELECT agent, node, state, changed, reason FROM delivery WHERE message = ? ORDER BY number")
        return try Row.fetchAll(statement, arguments: [message]).map { row in
            Delivery(
                to: naming.address(row[0], row[1]), state: Self.state(row[2]), at: Moment(milliseconds: row[3]).date,
                reason: row[4])
        }
    }

    /// The row number of a message.
    func number(of id: MessageID) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT number FROM message WHERE id = ?"), arguments: [id.text])
    }

    /// One message with its deliveries.
    func record(_ id: MessageID) throws -> MessageRecord {
        let statement = try db.cachedStatement(
            sql: "SELECT \(Self.messageColumns), m.number FROM \(Self.messageSource) WHERE m.id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.text]) else { throw Self.absent(id) }
        return MessageRecord(message: try message(from: row), deliveries: try deliveries(of: row[14]))
    }

    /// Deliveries that a condition on `d` chooses.
    func deliveryRows(_ condition: String, _ arguments: StatementArguments) throws -> [DeliveryRow] {
        let statement = try db.cachedStatement(sql: Self.sql(deliveriesWith: condition))
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            DeliveryRow(
                number: row[0], message: row[1], agent: row[2], node: row[3], origin: row[4], sender: row[5],
                state: Self.state(row[6]), wish: AckWish(rawValue: row[7]) ?? .want)
        }
    }

    static func sql(deliveriesWith condition: String) -> String {
        "SELECT \(deliveryColumns) FROM delivery d JOIN message m ON m.number = d.message WHERE \(condition)"
    }

    /// The delivery of `id` to an agent of this node.
    func delivery(_ id: MessageID, to agent: AgentName) throws -> DeliveryRow? {
        guard let message = try number(of: id) else { return nil }
        return try deliveryRows(Self.isHere, [message, agent.text]).first
    }

    /// Chooses the delivery of a message to an agent of this node.
    static let isHere = "d.message = ? AND d.node = '' AND d.agent = ?"

    static func state(_ word: String) -> DeliveryState { DeliveryState(rawValue: word) ?? .dead }

    static func absent(_ id: MessageID) -> KithError {
        KithError(.notFound, "There is no message \(id).", hint: "`kith message list` shows what is there.")
    }

    /// That an agent does not have a message, and who here has it.
    func absent(_ id: MessageID, from agent: AgentName) throws -> KithError {
        guard let message = try number(of: id) else { return Self.absent(id) }
        let statement = try db.cachedStatement(
            sql: "SELECT agent FROM delivery WHERE message = ? AND node = '' ORDER BY agent LIMIT 8")
        let others = try String.fetchAll(statement, arguments: [message])
        return KithError(
            .notFound, "Message \(id) did not come to \(agent).",
            hint: others.isEmpty
                ? "It came to nobody here; `kith message status` says where it is."
                : "It came to \(others.joined(separator: ", ")): speak for that agent with `--as`.")
    }

    // MARK: Moving on

    /// Moves a delivery on; false if its state does not allow it.
    @discardableResult
    func advance(_ row: DeliveryRow, to state: DeliveryState, reason: String? = nil) throws -> Bool {
        var life = DeliveryLife(row.state, wish: row.wish)
        let actions = life.receive(state)
        for action in actions { try perform(action, row, state, reason) }
        return !actions.isEmpty
    }

    private func perform(
        _ action: DeliveryLife.Action, _ row: DeliveryRow, _ state: DeliveryState, _ reason: String?
    ) throws {
        switch action {
        case .write: try write(row, state, reason)
        case .leaveBox: try execute("UPDATE delivery SET box = 0, fresh = 0 WHERE number = ?", [row.number])
        case .growOld: try execute("UPDATE delivery SET fresh = 0 WHERE number = ?", [row.number])
        case .notify where row.origin.isEmpty: try notify(row, state, reason)
        case .notify: break
        }
    }

    /// The outbox is left with the first word from the other side; its receipts are owed to where it came from.
    private func write(_ row: DeliveryRow, _ state: DeliveryState, _ reason: String?) throws {
        try execute(
            """
            UPDATE delivery SET state = ?, changed = ?, reason = ?, owes = (origin <> ''),
            box = CASE WHEN box = \(Box.outbox.rawValue) THEN 0 ELSE box END WHERE number = ?
            """, [state.rawValue, moment.milliseconds, reason, row.number])
    }

    func execute(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
