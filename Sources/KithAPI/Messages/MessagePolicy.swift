/// What becomes of a message that comes in.
public enum MessageVerdict: String, ParameterChoice {
    /// It is stored for its agent.
    case accept
    /// It is kept back until the owner decides.
    case hold
    /// It is not taken.
    case refuse
}

/// A rule about messages that come in; the most specific one decides.
public struct MessagePolicy: Described, Equatable {
    /// From this peer; absent means any.
    public var peer: String?
    /// To this agent; absent means any.
    public var agent: AgentName?
    /// What becomes of them.
    public var verdict: MessageVerdict
    /// How many a minute a peer may send; 120 unless given, 0 for no limit.
    public var perMinute: Int?

    /// A rule from its parts.
    public init(peer: String? = nil, agent: AgentName? = nil, verdict: MessageVerdict, perMinute: Int? = nil) {
        self.peer = peer
        self.agent = agent
        self.verdict = verdict
        self.perMinute = perMinute
    }

    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "From this peer; absent means any."),
            Parameter("agent", \Self.agent, "To this agent; absent means any."),
            Parameter("verdict", \Self.verdict, "What becomes of them."),
            Parameter(
                "perMinute", \Self.perMinute, "How many a minute a peer may send; 120 unless given, 0 for no limit."),
        ]
    }
}

/// Sets or removes a rule about messages that come in, and lists all. Without a verdict it only lists. For the
/// owner alone.
public struct SetMessagePolicy: Call {
    /// From this peer; any unless given.
    public var peer: String?
    /// To this agent; any unless given.
    public var agent: AgentName?
    /// What becomes of them.
    public var verdict: MessageVerdict?
    /// How many a minute a peer may send; 0 for no limit.
    public var perMinute: Int?
    /// Remove the rule for this peer and agent.
    public var remove: Bool?

    /// A rule to set.
    public init(
        peer: String? = nil, agent: AgentName? = nil, verdict: MessageVerdict? = nil, perMinute: Int? = nil,
        remove: Bool? = nil
    ) {
        self.peer = peer
        self.agent = agent
        self.verdict = verdict
        self.perMinute = perMinute
        self.remove = remove
    }

    /// Every rule.
    public struct Reply: Described, Equatable {
        /// The rules.
        public var rules: [MessagePolicy]

        /// The rules.
        public init(rules: [MessagePolicy]) {
            self.rules = rules
        }

        public static var parameters: [Parameter] {
            [
                Parameter("rules", \Self.rules, "The rules.")
            ]
        }
    }

    public static var name: String { "message.policy" }
    public static var summary: String { "Decide which messages come in." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "From this peer; any unless given."),
            Parameter("agent", \Self.agent, "To this agent; any unless given."),
            Parameter("verdict", \Self.verdict, "What becomes of them."),
            Parameter("perMinute", \Self.perMinute, "How many a minute a peer may send; 0 for no limit."),
            Parameter("remove", \Self.remove, "Remove the rule for this peer and agent."),
        ]
    }
    public var object: String? { peer }
    public static var example: SetMessagePolicy { SetMessagePolicy(peer: "studio", verdict: .hold) }
}
