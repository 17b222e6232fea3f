/// Lists the agents of this node, and of the paired ones if asked to.
public struct ListAgents: Call {
    /// Ask the paired nodes as well; for the owner alone.
    public var everywhere: Bool?

    /// A request.
    public init(everywhere: Bool? = nil) {
        self.everywhere = everywhere
    }

    /// Who is there.
    public struct Reply: Described, Equatable {
        /// The agents, by node and name.
        public var agents: [AgentCard]
        /// Nodes that did not answer.
        public var unreached: [UnreachedNode]

        /// A list.
        public init(agents: [AgentCard], unreached: [UnreachedNode]) {
            self.agents = agents
            self.unreached = unreached
        }

        public static var parameters: [Parameter] {
            [
                Parameter("agents", \Self.agents, "The agents, by node and name."),
                Parameter("unreached", \Self.unreached, "Nodes that did not answer."),
            ]
        }
    }

    public static var name: String { "agent.list" }
    public static var summary: String { "List agents and their cards." }
    public static var grant: Grant { .message }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("everywhere", \Self.everywhere, "Ask the paired nodes as well; for the owner alone.")
        ]
    }
    public static var example: ListAgents { ListAgents(everywhere: true) }
}

/// A node that could not be asked.
public struct UnreachedNode: Described, Equatable {
    /// What we call it.
    public var node: String
    /// Why it did not answer.
    public var reason: String

    /// A node and the reason.
    public init(node: String, reason: String) {
        self.node = node
        self.reason = reason
    }

    public static var parameters: [Parameter] {
        [
            Parameter("node", \Self.node, "What we call it."),
            Parameter("reason", \Self.reason, "Why it did not answer."),
        ]
    }
}

/// Asks about one agent, here or on a peer.
public struct GetAgent: Call {
    /// `name`, `name@node` or `@node`.
    public var agent: String

    /// A request about `agent`.
    public init(agent: String) {
        self.agent = agent
    }

    public typealias Reply = AgentCard
    public static var name: String { "agent.status" }
    public static var summary: String { "Say what is known of one agent." }
    public static var grant: Grant { .message }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "`name`, `name@node` or `@node`.")
        ]
    }
    public var object: String? { agent }
    public static var example: GetAgent { GetAgent(agent: "reviewer@studio") }
}
