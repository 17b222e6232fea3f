import FoundationEssentials
import GRDB
public import KithAPI

/// The agents of this node and their cards. Whether a session is held is the daemon's knowledge.
public struct AgentStore: Sendable {
    /// How many agents may live on a node.
    public static let maximum = 10_000
    /// How many labels, tags or capabilities a card may have, and how many bytes each.
    static let words = 32
    static let wordBytes = 64
    static let statusBytes = 512

    private let store: Store

    init(_ store: Store) { self.store = store }

    /// Makes the agent known, or changes what was given; returns once that is on the disk.
    ///
    /// - Throws: `request.invalid` for words that are too many or too long, `limited` at 10,000 agents.
    public func register(_ request: RegisterAgent) async throws -> AgentCard {
        try Self.check(request)
        let now = Moment(store.now())
        return try await change { db in try AgentTable(db: db, moment: now).register(request) }
    }

    /// Begins a session: a new one raises the epoch, the same one again keeps it.
    ///
    /// - Throws: `conflict` where it must be free, and another session has not ended.
    public func begin(_ agent: AgentName, session: String?, ifFree: Bool = false) async throws -> AgentCard {
        let now = Moment(store.now())
        return try await change { db in
            let table = AgentTable(db: db, moment: now)
            if ifFree { try table.requireFree(agent, for: session) }
            return try table.begin(agent, session: session)
        }
    }

    /// Ends a session: its id means nothing any more. False if a later one has begun.
    public func end(_ agent: AgentName, epoch: Int) async throws -> Bool {
        let now = Moment(store.now())
        return try await change { db in
            try db.cachedStatement(
                sql: "UPDATE agent SET session = NULL, seen = ? WHERE name = ? AND epoch = ? AND session IS NOT NULL"
            ).execute(arguments: [now.milliseconds, agent.text, epoch])
            return db.changesCount > 0
        }
    }

    /// The agents whose session had not ended when the daemon did.
    public func leftOpen() async throws -> [(agent: AgentName, epoch: Int)] {
        try await store.read { db in
            try Row.fetchAll(db, sql: "SELECT name, epoch FROM agent WHERE session IS NOT NULL").compactMap { row in
                AgentName(row[0] as String).map { ($0, row[1]) }
            }
        }
    }

    /// Every agent, by name.
    public func list() async throws -> [AgentCard] {
        let now = Moment(store.now())
        return try await store.read { db in try AgentTable(db: db, moment: now).all() }
    }

    /// The agent with this name, or the default one.
    ///
    /// - Throws: `agent.unknown`, with the nearest names.
    public func find(_ agent: AgentName?) async throws -> AgentCard {
        let name = agent?.text ?? ""
        let known = store.cards.card(name)
        if let card = known.card { return card }
        let now = Moment(store.now())
        let card = try await store.read { db in try AgentTable(db: db, moment: now).find(agent) }
        store.cards.put(card, as: name, since: known.changes)
        return card
    }

    /// The shelf is cleared after the commit as well, for what was read while it was under way.
    private func change<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        store.cards.clear()
        defer { store.cards.clear() }
        return try await store.writer.perform(body)
    }

    private static func check(_ request: RegisterAgent) throws(KithError) {
        let words = (request.labels ?? []) + (request.tags ?? []) + (request.capabilities ?? [])
        let isTooMany = [request.labels, request.tags, request.capabilities].contains { ($0 ?? []).count > Self.words }
        guard !isTooMany, words.allSatisfy(isWord), (request.status ?? "").utf8.count <= statusBytes else {
            throw KithError(
                .requestInvalid,
                "A card has at most \(Self.words) labels, tags and capabilities of 1–\(wordBytes) bytes.",
                hint: "Use words without blanks, and a status of at most \(statusBytes) bytes.")
        }
        guard request.agent.text != MessageTable.node else {
            throw KithError(.requestInvalid, "`\(MessageTable.node)` is the node itself.", hint: "Choose another name.")
        }
    }

    private static func isWord(_ word: String) -> Bool {
        (1...wordBytes).contains(word.utf8.count) && word.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}
