/// How an inbox stands.
public struct InboxNews: Described, Equatable {
    /// How many messages wait unread.
    public var unread: Int
    /// How many wait in all.
    public var waiting: Int
    /// The one that came last.
    public var newest: MessageID?

    /// News from its parts.
    public init(unread: Int, waiting: Int, newest: MessageID? = nil) {
        self.unread = unread
        self.waiting = waiting
        self.newest = newest
    }

    public static var parameters: [Parameter] {
        [
            Parameter("unread", \Self.unread, "How many messages wait unread."),
            Parameter("waiting", \Self.waiting, "How many wait in all."),
            Parameter("newest", \Self.newest, "The one that came last."),
        ]
    }
}

/// Says how the inbox of an agent stands: at once, and whenever that has changed. Hands nothing out.
public struct WatchInbox: Feed {
    /// Which agent of this node asks; the default agent unless given.
    public var agent: AgentName?

    /// A request.
    public init(agent: AgentName? = nil) {
        self.agent = agent
    }

    public typealias Element = InboxNews
    public static var name: String { "message.watch" }
    public static var summary: String { "Watch what waits in an inbox, and hand nothing out." }
    public static var grant: Grant { .message }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "Which agent of this node asks; the default agent unless given.")
        ]
    }
    public var object: String? { agent?.text }
    public static var example: WatchInbox { WatchInbox(agent: AgentName(nearest: "reviewer")) }
}
