import FoundationEssentials
import GRDB
import KithAPI

/// The agents inside one transaction.
struct AgentTable {
    let db: Database
    let moment: Moment

    private static let columns = "name, labels, tags, capabilities, status, epoch, isDefault, seen"

    func all() throws -> [AgentCard] {
        try Row.fetchAll(db.cachedStatement(sql: "SELECT \(Self.columns) FROM agent ORDER BY name")).compactMap(
            Self.card)
    }

    func find(_ agent: AgentName?) throws -> AgentCard {
        if let card = try card(agent) { return card }
        throw try Self.unknown(agent?.text ?? "", among: all().map(\.agent.text))
    }

    /// The card of `agent`, or of the default agent; nil if there is none.
    func card(_ agent: AgentName?) throws -> AgentCard? {
        let condition = agent == nil ? "isDefault = 1" : "name = ?"
        let statement = try db.cachedStatement(sql: "SELECT \(Self.columns) FROM agent WHERE \(condition)")
        return try Row.fetchOne(statement, arguments: agent.map { [$0.text] } ?? []).flatMap(Self.card)
    }

    func exists(_ agent: AgentName) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM agent WHERE name = ?)"), arguments: [agent.text])
            ?? false
    }

    func register(_ request: RegisterAgent) throws -> AgentCard {
        try makeKnown(request.agent)
        try db.cachedStatement(
            sql: """
                UPDATE agent SET labels = coalesce(?, labels), tags = coalesce(?, tags),
                capabilities = coalesce(?, capabilities), status = coalesce(?, status), seen = ? WHERE name = ?
                """
        ).execute(arguments: [
            Self.text(request.labels), Self.text(request.tags), Self.text(request.capabilities), request.status,
            moment.milliseconds, request.agent.text,
        ])
        if request.isDefault == true {
            try db.cachedStatement(sql: "UPDATE agent SET isDefault = (name = ?)").execute(arguments: [
                request.agent.text
            ])
        }
        return try find(request.agent)
    }

    func begin(_ agent: AgentName, session: String?) throws -> AgentCard {
        try makeKnown(agent)
        try db.cachedStatement(
            sql: """
                UPDATE agent SET epoch = epoch + (session IS NULL OR ?1 IS NULL OR session <> ?1),
                session = ?1, seen = ?2 WHERE name = ?3
                """
        ).execute(arguments: [session, moment.milliseconds, agent.text])
        return try find(agent)
    }

    /// - Throws: `conflict` while another session than `session` has not ended.
    func requireFree(_ agent: AgentName, for session: String?) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM agent WHERE name = ?1 AND session IS NOT NULL AND session IS NOT ?2)")
        guard try Bool.fetchOne(statement, arguments: [agent.text, session]) == true else { return }
        throw KithError(
            .conflict, "Another session of \(agent) is open.", hint: "Wait for its end, or hold another name.")
    }

    private func makeKnown(_ agent: AgentName) throws {
        guard try !exists(agent) else { return }
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM agent") ?? 0 < AgentStore.maximum else {
            throw KithError(.limited, "This node has \(AgentStore.maximum) agents, the most it may.")
        }
        try db.cachedStatement(sql: "INSERT INTO agent (name) VALUES (?)").execute(arguments: [agent.text])
    }

    /// The error that names the nearest of `known`.
    static func unknown(_ word: String, among known: [String]) -> KithError {
        let near = known.filter { $0.contains(word) || word.contains($0) || $0.first == word.first }.prefix(5)
        let suggestions = (near.isEmpty ? known.prefix(5) : near).joined(separator: ", ")
        return KithError(
            .agentUnknown, "There is no agent `\(word)`.",
            hint: suggestions.isEmpty ? "`kith agent list` shows who is there." : "Did you mean: \(suggestions)?",
            details: ["suggestions": suggestions])
    }

    private static func text(_ words: [String]?) -> String? { words?.joined(separator: "\n") }

    private static func words(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    private static func card(_ row: Row) -> AgentCard? {
        guard let name = AgentName(row[0]) else { return nil }
        let seen: Int64? = row[7]
        return AgentCard(
            agent: name, node: "", labels: words(row[1]), tags: words(row[2]), capabilities: words(row[3]),
            status: row[4], epoch: row[5], isDefault: row[6], isPresent: false,
            seenAt: seen.map { Moment(milliseconds: $0).date })
    }
}
