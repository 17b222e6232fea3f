import FoundationEssentials
import GRDB
import KithAPI
import KithDigest

/// What stands in the table about a message when it is first stored.
struct NewMessage {
    var id: MessageID
    var origin = ""
    var sender: AgentName
    var to: [String]
    var kind: MessageKind
    var subject: String?
    var body: Data?
    var blob: String?
    var thread: MessageID
    var replyTo: MessageID?
    var channel: String?
    var ack: AckWish
    var task: TaskID?
    var sent: Moment
    var expires: Moment
    var idempotency: String?
    var fingerprint: String?
}

extension MessageTable {
    /// What was stored, and the letters that bring it to other nodes, unless its text is long.
    struct Posted: Sendable {
        var reply: SendMessage.Reply
        var letters: [String: Letter] = [:]
    }

    /// Stores a draft with a delivery for each recipient; the same idempotency key answers with what it made before.
    func post(_ draft: MessageDraft, id: MessageID) throws -> Posted {
        if let known = try earlier(draft) { return Posted(reply: known) }
        for recipient in draft.recipients { try checkRoom(recipient) }
        try checkRoom(for: draft.request.body.utf8.count)
        let message = try message(draft, id)
        let number = try insert(message)
        var letters: [String: Letter] = [:]
        for recipient in draft.recipients {
            let sequence = try deliver(number, to: recipient)
            guard let sequence, let node = recipient.node?.text, message.blob == nil else { continue }
            letters[node, default: letter(message, draft.request)].recipients.append(
                LetterRecipient(agent: recipient.agent, sequence: sequence))
        }
        if let answered = draft.request.replyTo, let row = try delivery(answered, to: draft.sender) {
            try advance(row, to: .acked)
        }
        return Posted(reply: try reply(number, isRepeat: false), letters: letters)
    }

    private func letter(_ message: NewMessage, _ request: SendMessage) -> Letter {
        Letter(
            id: message.id, from: message.sender, recipients: [], to: message.to, kind: message.kind,
            subject: message.subject, body: request.body, thread: message.thread, replyTo: message.replyTo,
            channel: message.channel, ack: message.ack, task: message.task, sentAt: message.sent.date,
            secondsToLive: request.secondsToLive ?? MessageLimits.secondsToLive.usual)
    }

    private func earlier(_ draft: MessageDraft) throws -> SendMessage.Reply? {
        guard let key = draft.request.idempotencyKey else { return nil }
        let statement = try db.cachedStatement(
            sql: "SELECT number, fingerprint FROM message WHERE origin = '' AND sender = ? AND idempotency = ?")
        guard let row = try Row.fetchOne(statement, arguments: [draft.sender.text, key]) else { return nil }
        guard row[1] == draft.fingerprint else {
            throw KithError(
                .conflict, "The idempotency key `\(key)` belongs to another message.", hint: "Use a new key.")
        }
        return try reply(row[0], isRepeat: true)
    }

    private func reply(_ number: Int64, isRepeat: Bool) throws -> SendMessage.Reply {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT id, thread FROM message WHERE number = ?"), arguments: [number])
        guard let id = (row?[0] as String?).flatMap(MessageID.init),
            let thread = (row?[1] as String?).flatMap(MessageID.init)
        else { throw KithError(.storeDamaged, "A message in the database cannot be read.") }
        return SendMessage.Reply(
            id: id, thread: thread, deliveries: try deliveries(of: number), unreached: [], isRepeat: isRepeat)
    }

    /// - Throws: `limited` when too much waits for the recipient.
    private func checkRoom(_ recipient: MessageDraft.Recipient) throws {
        let node = recipient.node?.text ?? ""
        guard try waiting(node, recipient.agent.text) >= limits.waiting else { return }
        throw KithError(
            .limited, "\(limits.waiting) messages wait for \(naming.address(recipient.agent.text, node)) already.",
            hint: "Nothing was sent. Wait until it reads them.")
    }

    func waiting(_ node: String, _ agent: String) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT count FROM waiting WHERE node = ? AND agent = ?")
        return try Int.fetchOne(statement, arguments: [node, agent]) ?? 0
    }

    private func message(_ draft: MessageDraft, _ id: MessageID) throws -> NewMessage {
        let request = draft.request
        let body = Data(request.body.utf8)
        let isLong = body.count > MessageLimits.inlineBytes
        return NewMessage(
            id: id, sender: draft.sender, to: request.to, kind: request.kind ?? .chat, subject: request.subject,
            body: isLong ? nil : body, blob: isLong ? try keep(body) : nil, thread: try thread(request) ?? id,
            replyTo: request.replyTo, channel: request.channel, ack: request.ack ?? .want, task: request.task,
            sent: moment,
            expires: moment.adding(seconds: request.secondsToLive ?? MessageLimits.secondsToLive.usual),
            idempotency: request.idempotencyKey, fingerprint: draft.fingerprint)
    }

    private func thread(_ request: SendMessage) throws -> MessageID? {
        if let thread = request.thread { return thread }
        guard let answered = request.replyTo else { return nil }
        let statement = try db.cachedStatement(sql: "SELECT thread FROM message WHERE id = ?")
        return try String.fetchOne(statement, arguments: [answered.text]).flatMap(MessageID.init)
    }

    /// Stores a long text under its hash.
    func keep(_ bytes: Data) throws -> String {
        let hash = SHA256.hash(Array(bytes)).hexadecimal
        try execute("INSERT OR IGNORE INTO blob VALUES (?, ?, ?)", [hash, bytes, moment.milliseconds])
        return hash
    }

    func insert(_ new: NewMessage) throws -> Int64 {
        try execute(
            """
            INSERT INTO message (id, origin, sender, recipients, kind, subject, body, blob, thread, replyTo, channel,
            ack, task, sent, created, expires, idempotency, fingerprint)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                new.id.text, new.origin, new.sender.text, new.to.joined(separator: "\n"), new.kind.rawValue,
                new.subject, new.body, new.blob, new.thread.text, new.replyTo?.text, new.channel, new.ack.rawValue,
                new.task?.text, new.sent.milliseconds, moment.milliseconds, new.expires.milliseconds, new.idempotency,
                new.fingerprint,
            ])
        return db.lastInsertedRowID
    }

    /// A recipient here has it at once; one elsewhere gets the next number of the stream to its node.
    private func deliver(_ message: Int64, to recipient: MessageDraft.Recipient) throws -> Int? {
        guard let node = recipient.node?.text else {
            try store(message, agent: recipient.agent, origin: "", state: .stored)
            return nil
        }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO outStream VALUES (?, 1) ON CONFLICT (node) DO UPDATE SET last = last + 1 RETURNING last
                """)
        let sequence = try Int.fetchOne(statement, arguments: [node])
        try execute(
            """
            INSERT INTO delivery (message, agent, node, origin, sequence, state, changed, box)
            VALUES (?, ?, ?, '', ?, 'accepted', ?, ?)
            """,
            [message, recipient.agent.text, node, sequence, moment.milliseconds, Box.outbox.rawValue])
        return sequence
    }

    /// Puts a message into the inbox of an agent here, or into the box of what is held back.
    func store(_ message: Int64, agent: AgentName, origin: String, state: DeliveryState) throws {
        let box = state == .held ? Box.held : .inbox
        try execute(
            """
            INSERT INTO delivery (message, agent, node, origin, state, changed, box, fresh)
            VALUES (?, ?, '', ?, ?, ?, ?, ?)
            """,
            [
                message, agent.text, origin, state.rawValue, moment.milliseconds, box.rawValue, box == .inbox ? 1 : 0,
            ])
    }

    /// Tells the agent that sent a message what has become of it, where a state alone might be overlooked.
    func notify(_ row: DeliveryRow, _ state: DeliveryState, _ reason: String?) throws {
        let original = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT id, thread, kind FROM message WHERE number = ?"), arguments: [row.message])
        guard let original, let id = MessageID(original[0]), let thread = MessageID(original[1]),
            original[2] != MessageKind.notice.rawValue
        else { return }
        let because = reason.map { ": \($0)" } ?? "."
        let text = "Your message to \(naming.address(row.agent, row.node)) is \(state.rawValue)\(because)"
        try notice(text, to: row.sender, about: (id, thread))
    }

    /// A message of the node itself to an agent here; none where the agent is gone or has too many already.
    func notice(_ text: String, to agent: String, about: (id: MessageID, thread: MessageID)?) throws {
        guard let agent = AgentName(agent), let node = AgentName(Self.node),
            try AgentTable(db: db, moment: moment).exists(agent), try waiting("", agent.text) < limits.waiting
        else { return }
        var generator = SystemRandomNumberGenerator()
        let id = MessageID.make(atMilliseconds: moment.milliseconds, using: &generator)
        let number = try insert(
            NewMessage(
                id: id, sender: node, to: [agent.text], kind: .notice, body: Data(text.utf8),
                thread: about?.thread ?? id, replyTo: about?.id, ack: .none, sent: moment,
                expires: moment.adding(seconds: MessageLimits.secondsToLive.usual)))
        try store(number, agent: agent, origin: "", state: .stored)
    }
}
