public import FoundationEssentials

/// A message in the inbox of an agent.
public struct InboxEntry: Described, Equatable {
    /// The message.
    public var message: Message
    /// Whose inbox.
    public var agent: AgentName
    /// How far it is.
    public var state: DeliveryState
    /// When this node stored it.
    public var receivedAt: Date
    /// Whether it was handed out before.
    public var isRepeat: Bool

    /// An entry from its parts.
    public init(message: Message, agent: AgentName, state: DeliveryState, receivedAt: Date, isRepeat: Bool) {
        self.message = message
        self.agent = agent
        self.state = state
        self.receivedAt = receivedAt
        self.isRepeat = isRepeat
    }

    public static var parameters: [Parameter] {
        [
            Parameter("message", \Self.message, "The message."),
            Parameter("agent", \Self.agent, "Whose inbox."),
            Parameter("state", \Self.state, "How far it is."),
            Parameter("receivedAt", \Self.receivedAt, "When this node stored it."),
            Parameter("isRepeat", \Self.isRepeat, "Whether it was handed out before."),
        ]
    }
}

/// Lists what waits for an agent, oldest first, a page at a time.
public struct ReadInbox: Call {
    /// Which agent of this node asks; the default agent unless given.
    public var agent: AgentName?
    /// Where the last page ended.
    public var cursor: String?
    /// At most this many, 1 to 1000; 50 unless given.
    public var limit: Int?
    /// Only this channel.
    public var channel: String?
    /// Only this conversation.
    public var thread: MessageID?
    /// Only from this agent (`name@node`).
    public var from: String?
    /// Look only: what is listed does not count as handed out.
    public var peek: Bool?
    /// List what is held back instead, for every agent.
    public var held: Bool?

    /// A request.
    public init(
        agent: AgentName? = nil, cursor: String? = nil, limit: Int? = nil, channel: String? = nil,
        thread: MessageID? = nil, from: String? = nil, peek: Bool? = nil, held: Bool? = nil
    ) {
        self.agent = agent
        self.cursor = cursor
        self.limit = limit
        self.channel = channel
        self.thread = thread
        self.from = from
        self.peek = peek
        self.held = held
    }

    /// One page; it ends at about 4 MiB as well.
    public struct Reply: Described, Equatable {
        /// The messages, oldest first.
        public var entries: [InboxEntry]
        /// Give it back as `cursor` to read on; absent at the end.
        public var nextCursor: String?

        /// A page.
        public init(entries: [InboxEntry], nextCursor: String? = nil) {
            self.entries = entries
            self.nextCursor = nextCursor
        }

        public static var parameters: [Parameter] {
            [
                Parameter("entries", \Self.entries, "The messages, oldest first."),
                Parameter("nextCursor", \Self.nextCursor, "Give it back as `cursor` to read on; absent at the end."),
            ]
        }
    }

    public static var name: String { "message.inbox" }
    public static var summary: String { "List the messages that wait for an agent." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "Which agent of this node asks; the default agent unless given."),
            Parameter("cursor", \Self.cursor, "Where the last page ended."),
            Parameter("limit", \Self.limit, "At most this many, 1 to 1000; 50 unless given."),
            Parameter("channel", \Self.channel, "Only this channel."),
            Parameter("thread", \Self.thread, "Only this conversation."),
            Parameter("from", \Self.from, "Only from this agent (`name@node`)."),
            Parameter("peek", \Self.peek, "Look only: what is listed does not count as handed out."),
            Parameter("held", \Self.held, "List what is held back instead, for every agent."),
        ]
    }
    public var object: String? { agent?.text }
    public static var example: ReadInbox { ReadInbox(agent: AgentName(nearest: "reviewer"), limit: 20) }
}

/// Waits until something new is in the inbox of an agent, and hands it out.
public struct WaitForMessage: Call {
    /// Which agent of this node asks; the default agent unless given.
    public var agent: AgentName?
    /// How long, 0 to 50; 25 unless given.
    public var seconds: Double?
    /// At most this many, 1 to 1000; 50 unless given.
    public var limit: Int?
    /// Only this channel.
    public var channel: String?
    /// Only this conversation.
    public var thread: MessageID?
    /// Only from this agent (`name@node`).
    public var from: String?

    /// A request.
    public init(
        agent: AgentName? = nil, seconds: Double? = nil, limit: Int? = nil, channel: String? = nil,
        thread: MessageID? = nil, from: String? = nil
    ) {
        self.agent = agent
        self.seconds = seconds
        self.limit = limit
        self.channel = channel
        self.thread = thread
        self.from = from
    }

    public typealias Reply = ReadInbox.Reply
    public static var name: String { "message.wait" }
    public static var summary: String { "Wait for new messages, at most 50 seconds." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "Which agent of this node asks; the default agent unless given."),
            Parameter("seconds", \Self.seconds, "How long, 0 to 50; 25 unless given."),
            Parameter("limit", \Self.limit, "At most this many, 1 to 1000; 50 unless given."),
            Parameter("channel", \Self.channel, "Only this channel."),
            Parameter("thread", \Self.thread, "Only this conversation."),
            Parameter("from", \Self.from, "Only from this agent (`name@node`)."),
        ]
    }
    public var object: String? { agent?.text }
    public static var example: WaitForMessage { WaitForMessage(seconds: 30) }
}
