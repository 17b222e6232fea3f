import KithAPI

/// Agents as people read them. What others wrote is escaped.
enum AgentView {
    /// One card.
    static func facts(_ card: AgentCard) -> String {
        var facts = Facts()
        facts.add("agent", "\(card.agent)@\(card.node)\(card.isDefault ? " (the default)" : "")")
        facts.add("session", card.isPresent ? "held, epoch \(card.epoch)" : "none, epoch \(card.epoch)")
        facts.add("can", words(card.capabilities))
        facts.add("tags", words(card.tags))
        facts.add("labels", words(card.labels))
        facts.add("status", card.status)
        return facts.text
    }

    /// Many cards.
    static func list(_ reply: ListAgents.Reply, width: Int? = nil) -> String {
        var table = Table(
            "AGENT", "SESSION", "CAN", "TAGS", "LABELS", "STATUS", cutting: ["STATUS", "LABELS", "TAGS", "CAN"])
        for card in reply.agents {
            table.add(
                "\(card.agent)@\(card.node)\(card.isDefault ? " *" : "")", card.isPresent ? "held" : "",
                card.capabilities.joined(separator: ","), card.tags.joined(separator: ","),
                card.labels.joined(separator: ","), card.status ?? "")
        }
        let missing = reply.unreached.map { "\n\($0.node.escaped) could not be asked: \($0.reason.escaped)" }
        return table.text(within: width) + missing.joined()
    }

    /// A line about what happens to an agent.
    static func news(_ news: AgentNews) -> String {
        switch news.kind {
        case .began: "Held, epoch \(news.epoch); \(news.waiting ?? 0) unread."
        case .mail: "\(news.waiting ?? 0) unread."
        case .lost: "Task \(news.task?.text ?? "?") is lost: \((news.reason ?? "").escaped)"
        }
    }

    private static func words(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: ", ") }
}
