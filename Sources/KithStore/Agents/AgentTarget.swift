public import KithAPI

/// How people say whom they mean. Pure.
public enum AgentTarget: Sendable, Equatable {
    /// `all`
    case all
    /// `label:x`
    case label(String)
    /// `tag:x`
    case tag(String)
    /// `cap:x`
    case capability(String)
    /// `name`, or `name@node`.
    case agent(String, node: String?)
    /// `@node`: its default agent.
    case node(String)

    /// Reads a word.
    public init(_ word: String) {
        let at = word.firstIndex(of: "@")
        switch word {
        case "all": self = .all
        case _ where word.hasPrefix("label:"): self = .label(String(word.dropFirst(6)))
        case _ where word.hasPrefix("tag:"): self = .tag(String(word.dropFirst(4)))
        case _ where word.hasPrefix("cap:"): self = .capability(String(word.dropFirst(4)))
        default:
            guard let at else {
                self = .agent(word, node: nil)
                return
            }
            let node = String(word[word.index(after: at)...])
            self = at == word.startIndex ? .node(node) : .agent(String(word[..<at]), node: node)
        }
    }

    /// Whether it may mean many agents, on any node.
    public var isSelector: Bool {
        switch self {
        case .all, .label, .tag, .capability: true
        case .agent, .node: false
        }
    }

    /// Whether it can mean anybody at all.
    public var isSound: Bool {
        switch self {
        case .all: true
        case .label(let word), .tag(let word), .capability(let word): !word.isEmpty
        case .node(let node): Self.isNode(node)
        case .agent(let name, let node): AgentName(name) != nil && node.map(Self.isNode) ?? true
        }
    }

    private static func isNode(_ word: String) -> Bool { !word.isEmpty && !word.contains("@") }

    /// Whether it means this agent, its node apart.
    public func fits(_ card: AgentCard) -> Bool {
        switch self {
        case .all: true
        case .label(let word): card.labels.contains(word)
        case .tag(let word): card.tags.contains(word)
        case .capability(let word): card.capabilities.contains(word)
        case .agent(let name, _): card.agent.text == name
        case .node: card.isDefault
        }
    }
}
