/// Holds the session of an agent open: while the connection lives, its leases are renewed by the daemon; when it
/// ends, they are released.
public struct HoldAgent: Feed {
    /// The agent; it is registered if it is new.
    public var agent: AgentName
    /// An id of the session; the same one again keeps the epoch.
    public var session: String?
    /// Only if no other session of it is open.
    public var ifFree: Bool?

    /// A request to hold `agent`.
    public init(agent: AgentName, session: String? = nil, ifFree: Bool? = nil) {
        self.agent = agent
        self.session = session
        self.ifFree = ifFree
    }

    public typealias Element = AgentNews
    public static var name: String { "agent.hold" }
    public static var summary: String { "Hold the session of an agent open." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "The agent; it is registered if it is new."),
            Parameter("session", \Self.session, "An id of the session; the same one again keeps the epoch."),
            Parameter("ifFree", \Self.ifFree, "Only if no other session of it is open."),
        ]
    }
    public var object: String? { agent.text }
    public static var example: HoldAgent { HoldAgent(agent: AgentName(nearest: "reviewer"), session: "s1") }
}
