import FoundationEssentials
import GRDB
public import KithAPI

/// The messages of this node: what its agents sent, what waits for them, and the truth about each delivery.
///
/// Everything that returns is on the disk. Who may ask was checked before; the door said who it is.
public struct MessageStore: Sendable {
    /// What was changed, and who else must hear of it.
    public struct Change: Sendable {
        /// How many deliveries.
        public let count: Int
        /// Nodes to which receipts are owed now.
        public let nodes: [PeerID]
    }

    /// What was sent, and to which other nodes it is to be brought.
    public struct Posted: Sendable {
        /// The answer.
        public let reply: SendMessage.Reply
        /// The nodes.
        public let nodes: [PeerID]
        /// The letters to them, as far as they are short.
        public let letters: [PeerID: Letter]
    }

    let store: Store
    let naming: NodeNaming
    let limits: MessageLimits

    /// The messages in `store`, with the names that the daemon knows.
    public init(_ store: Store, naming: NodeNaming) { self.init(store, naming: naming, limits: MessageLimits()) }

    init(_ store: Store, naming: NodeNaming, limits: MessageLimits) {
        self.store = store
        self.naming = naming
        self.limits = limits
    }

    // MARK: Sending

    /// Stores a message with its deliveries, all or nothing.
    ///
    /// - Throws: `limited` when too much waits for a recipient, `conflict` for an idempotency key of another message.
    public func post(_ draft: MessageDraft) async throws -> Posted {
        var generator = SystemRandomNumberGenerator()
        let id = MessageID.make(atMilliseconds: Moment(store.now()).milliseconds, using: &generator)
        let here = Set(draft.recipients.filter { $0.node == nil }.map(\.agent.text))
        let posted = try await handingOut(bytes: draft.request.body.utf8.count) { table, handing in
            let posted = try table.post(draft, id: id)
            try handing.handOut(to: here, table)
            return posted
        }
        for agent in here { store.bells.ring(Self.topic(agent)) }
        if draft.request.replyTo != nil { ring(draft.sender.text) }
        let nodes = Set(draft.recipients.compactMap(\.node))
        let letters = nodes.compactMap { node in posted.letters[node.text].map { (node, $0) } }
        return Posted(
            reply: posted.reply, nodes: Array(nodes), letters: Dictionary(letters) { first, _ in first })
    }

    /// Who wrote a message, so that it can be answered: an agent, and its node unless that is this one.
    public func sender(of id: MessageID) async throws -> MessageDraft.Recipient {
        try await read { table in
            let row = try Row.fetchOne(
                table.db, sql: "SELECT sender, origin FROM message WHERE id = ?", arguments: [id.text])
            guard let row, let agent = AgentName(row[0]) else { throw MessageTable.absent(id) }
            return MessageDraft.Recipient(agent: agent, node: PeerID(row[1] as String))
        }
    }

    /// A message with its deliveries.
    public func record(_ id: MessageID) async throws -> MessageRecord { try await read { try $0.record(id) } }

    /// How many messages wait, and where.
    public func counts() async throws -> MessageCounts { try await read { try $0.counts() } }

    /// A page of a conversation.
    public func thread(_ request: ReadThread) async throws -> ReadThread.Reply {
        try MessageLimits.check(limit: request.limit, cursor: request.cursor)
        return try await read { try $0.thread(request) }
    }

    /// A page of all messages, newest first.
    public func list(_ request: ListMessages) async throws -> ListMessages.Reply {
        try MessageLimits.check(limit: request.limit, cursor: nil)
        guard request.cursor.map({ MessageID($0) != nil }) ?? true else {
            throw KithError(.requestInvalid, "`cursor` must be what came.")
        }
        return try await read { try $0.list(request) }
    }

    // MARK: The inbox

    /// A page of an inbox; unless it only looks, what is in it counts as handed out, durably, before it is answered.
    public func inbox(_ request: ReadInbox, of agent: AgentName) async throws -> ReadInbox.Reply {
        try MessageLimits.check(limit: request.limit, cursor: request.cursor)
        var query = InboxQuery(
            agent: agent, limit: request.limit ?? 50, channel: request.channel, thread: request.thread)
        query.after = request.cursor.flatMap { Int64($0) } ?? 0
        query.from = try sender(request.from)
        query.isHeld = request.held == true
        return try await handOut(query, isLook: request.peek == true || query.isHeld)
    }

    /// One who waits for messages of `agent`: to be given to ``news(for:)``.
    public func reader(_ request: WaitForMessage, of agent: AgentName) throws -> InboxReader {
        try MessageLimits.check(limit: request.limit, cursor: nil)
        var query = InboxQuery(
            agent: agent, limit: request.limit ?? 50, channel: request.channel, thread: request.thread)
        query.from = try sender(request.from)
        query.isFreshOnly = true
        return InboxReader(query, wayBack: store.writer.wayBack)
    }

    /// What is new in an inbox; when nothing is, the seconds until something that was put back comes again. Then the
    /// reader waits, and its ``InboxReader/news()`` comes, at the latest when it is dismissed.
    ///
    /// The writer looks, so that nothing is stored between the look and the waiting.
    public func news(for reader: InboxReader) async throws -> (page: ReadInbox.Reply, nextDue: Double?) {
        try await write { [readers = store.readers] table in
            let page = try table.inbox(reader.query)
            try table.markShown(page.unshown)
            guard page.reply.entries.isEmpty else { return (page.reply, nil) }
            try readers.add(reader)
            return (page.reply, try table.nextDue(reader.agent).map { $0.seconds(after: table.moment) })
        }
    }

    /// Has a reader look for itself, unless messages are about to be handed to it.
    public func dismiss(_ reader: InboxReader) { store.readers.dismiss(reader) }

    /// How many messages an agent has not read yet.
    public func freshCount(_ agent: AgentName) async throws -> Int { try await read { try $0.freshCount(agent) } }

    /// How the inbox of an agent stands.
    public func standing(of agent: AgentName) async throws -> InboxNews {
        try await read { try $0.standing(of: agent) }
    }

    /// A bell that rings whenever the inbox of `agent` may have changed.
    public func bell(_ agent: AgentName) throws(KithError) -> AsyncStream<Void> {
        try store.bells.hang(on: Self.topic(agent.text))
    }

    private func handOut(_ query: InboxQuery, isLook: Bool) async throws -> ReadInbox.Reply {
        let page = try await read { try $0.inbox(query) }
        guard !isLook, !page.unshown.isEmpty else { return page.reply }
        try await write { try $0.markShown(page.unshown) }
        return page.reply
    }

    /// `agent@node` as the database has it.
    private func sender(_ text: String?) throws(KithError) -> (agent: String, node: String)? {
        guard let text else { return nil }
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        guard let agent = parts.first else { throw KithError(.requestInvalid, "`from` is `name@node`.") }
        guard parts.count == 2, !naming.means(parts[1], "") else { return (agent, "") }
        guard let id = naming.id(parts[1]) else {
            throw KithError(.peerUnknown, "There is no node `\(parts[1])`.", hint: "`kith peers` shows who is there.")
        }
        return (agent, id.text)
    }

    // MARK: Marking

    /// Marks messages as read (`surfaced`) or acknowledged.
    ///
    /// - Throws: `not_found`, and then none is marked.
    public func mark(_ messages: [MessageID], of agent: AgentName, as state: DeliveryState) async throws -> Change {
        try Self.check(messages)
        return change(try await write { try $0.mark(messages, of: agent, as: state) })
    }

    /// Puts messages back for later.
    public func putBack(_ request: NackMessages, of agent: AgentName) async throws -> Change {
        try Self.check(request.messages)
        try MessageLimits.line(request.reason, "reason")
        guard (0...86_400).contains(request.seconds ?? 60) else {
            throw KithError(.requestInvalid, "`seconds` must be between 0 and 86400.")
        }
        return change(try await write { try $0.putBack(request, of: agent) })
    }

    /// Decides about messages that are held back.
    public func release(_ request: ReleaseMessages) async throws -> Change {
        try Self.check(request.messages)
        guard request.verdict != .hold else {
            throw KithError(.requestInvalid, "`verdict` is `accept` or `refuse`.", hint: "They are held already.")
        }
        return change(try await write { try $0.release(request.messages, request.verdict) })
    }

    /// Tells those who need an acknowledgement from `agent` that its session has ended without one.
    public func endSession(of agent: AgentName) async throws -> Change {
        change(try await write { try $0.endSession(of: agent) })
    }

    private static func check(_ messages: [MessageID]) throws(KithError) {
        guard (1...1_000).contains(messages.count) else {
            throw KithError(.requestInvalid, "`messages` has 1 to 1,000 ids; these are \(messages.count).")
        }
    }

    // MARK: Time

    /// Moves on what has expired, and forgets what was over long ago. The daemon calls it once a minute.
    public func sweep() async throws -> Change {
        let marked = try await write { try $0.expire() }
        while try await write({ try $0.prune() }) == 500 {}
        return change(marked)
    }

    /// Rings for whoever has news, and says which nodes are owed a receipt.
    func change(_ marked: Marked) -> Change {
        for agent in marked.agents { ring(agent) }
        return Change(count: marked.count, nodes: marked.origins.compactMap { PeerID($0) })
    }

    static func topic(_ agent: String) -> String { "inbox/\(agent)" }

    /// Rings for whoever hangs a bell on everything.
    private static let changes = "messages"

    func ring(_ agent: String) {
        store.bells.ring(Self.topic(agent))
        store.readers.call(agent)
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (MessageTable) throws -> Value) async throws -> Value {
        try await store.read { [self] db in try body(table(db)) }
    }

    func write<Value: Sendable>(
        bytes: Int = 0, _ body: @escaping @Sendable (MessageTable) throws -> Value
    ) async throws -> Value {
        let value = try await store.writer.perform(bytes: bytes) { [self] db in try body(table(db)) }
        store.bells.ring(Self.changes)
        return value
    }

    /// Writes what may bring messages to those who wait for them.
    func handingOut<Value: Sendable>(
        bytes: Int, _ body: @escaping @Sendable (MessageTable, HandingOut) throws -> Value
    ) async throws -> Value {
        let handing = HandingOut(store.readers)
        do {
            let value = try await store.writer.perform(bytes: bytes, announce: handing.succeed) { [self] db in
                try body(table(db), handing)
            }
            store.bells.ring(Self.changes)
            // Whoever was handed something goes on before whoever brought it.
            if handing.hasHandedOut { await Task {}.value }
            return value
        } catch {
            handing.fail()
            throw error
        }
    }

    private func table(_ db: Database) -> MessageTable {
        MessageTable(db: db, moment: Moment(store.now()), limits: limits, naming: naming)
    }
}
