/// Makes an agent known on this node, or changes its card. At most 10,000 agents live on one node.
public struct RegisterAgent: Call {
    /// The agent.
    public var agent: AgentName
    /// Its labels; unchanged unless given.
    public var labels: [String]?
    /// Its tags; unchanged unless given.
    public var tags: [String]?
    /// What it can do; unchanged unless given.
    public var capabilities: [String]?
    /// What it is doing; unchanged unless given.
    public var status: String?
    /// Whether `@node` shall mean it.
    public var isDefault: Bool?

    /// A request about `agent`.
    public init(
        agent: AgentName, labels: [String]? = nil, tags: [String]? = nil, capabilities: [String]? = nil,
        status: String? = nil, isDefault: Bool? = nil
    ) {
        self.agent = agent
        self.labels = labels
        self.tags = tags
        self.capabilities = capabilities
        self.status = status
        self.isDefault = isDefault
    }

    public typealias Reply = AgentCard
    public static var name: String { "agent.register" }
    public static var summary: String { "Register an agent, or change its card." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "The agent."),
            Parameter("labels", \Self.labels, "Its labels; unchanged unless given."),
            Parameter("tags", \Self.tags, "Its tags; unchanged unless given."),
            Parameter("capabilities", \Self.capabilities, "What it can do; unchanged unless given."),
            Parameter("status", \Self.status, "What it is doing; unchanged unless given."),
            Parameter("isDefault", \Self.isDefault, "Whether `@node` shall mean it."),
        ]
    }
    public var object: String? { agent.text }
    public static var example: RegisterAgent {
        RegisterAgent(agent: AgentName(nearest: "reviewer"), tags: ["swift"], capabilities: ["review"])
    }
}
