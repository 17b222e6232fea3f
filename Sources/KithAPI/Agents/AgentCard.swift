public import FoundationEssentials

/// What an agent says of itself, and what its node knows of it.
public struct AgentCard: Described, Equatable {
    /// Its name, unique on its node.
    public var agent: AgentName
    /// The node on which it lives, as the answering node calls it.
    public var node: String
    /// Words by which many are meant, for example a team; `label:x` finds them.
    public var labels: [String]
    /// Words for what it works on; `tag:x` finds them.
    public var tags: [String]
    /// What it can do; `cap:x` finds them.
    public var capabilities: [String]
    /// What it says it is doing.
    public var status: String?
    /// Rises with every new session; what carries an older one is refused.
    public var epoch: Int
    /// Whether `@node` means this agent.
    public var isDefault: Bool
    /// Whether a session of it is held open now.
    public var isPresent: Bool
    /// When its session was last seen.
    public var seenAt: Date?

    /// A card from its parts.
    public init(
        agent: AgentName, node: String, labels: [String], tags: [String], capabilities: [String],
        status: String? = nil, epoch: Int, isDefault: Bool, isPresent: Bool, seenAt: Date? = nil
    ) {
        self.agent = agent
        self.node = node
        self.labels = labels
        self.tags = tags
        self.capabilities = capabilities
        self.status = status
        self.epoch = epoch
        self.isDefault = isDefault
        self.isPresent = isPresent
        self.seenAt = seenAt
    }

    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "Its name, unique on its node."),
            Parameter("node", \Self.node, "The node on which it lives, as the answering node calls it."),
            Parameter(
                "labels", \Self.labels, "Words by which many are meant, for example a team; `label:x` finds them."),
            Parameter("tags", \Self.tags, "Words for what it works on; `tag:x` finds them."),
            Parameter("capabilities", \Self.capabilities, "What it can do; `cap:x` finds them."),
            Parameter("status", \Self.status, "What it says it is doing."),
            Parameter("epoch", \Self.epoch, "Rises with every new session; what carries an older one is refused."),
            Parameter("isDefault", \Self.isDefault, "Whether `@node` means this agent."),
            Parameter("isPresent", \Self.isPresent, "Whether a session of it is held open now."),
            Parameter("seenAt", \Self.seenAt, "When its session was last seen."),
        ]
    }
}
