/// How many messages were marked.
public struct MarkedMessages: Described, Equatable {
    /// How many this has changed.
    public var changed: Int

    /// A count.
    public init(changed: Int) {
        self.changed = changed
    }

    public static var parameters: [Parameter] {
        [
            Parameter("changed", \Self.changed, "How many this has changed.")
        ]
    }
}

/// Says that the agent has read these: from now on they count as surfaced.
public struct SeeMessages: Call {
    /// The messages, at most 1,000.
    public var messages: [MessageID]
    /// Which agent of this node asks; the default agent unless given.
    public var agent: AgentName?

    /// A request.
    public init(messages: [MessageID], agent: AgentName? = nil) {
        self.messages = messages
        self.agent = agent
    }

    public typealias Reply = MarkedMessages
    public static var name: String { "message.seen" }
    public static var summary: String { "Say that messages have been read." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("messages", \Self.messages, "The messages, at most 1,000."),
            Parameter("agent", \Self.agent, "Which agent of this node asks; the default agent unless given."),
        ]
    }
    public var object: String? { messages.first?.text }
    public static var example: SeeMessages { SeeMessages(messages: [.example]) }
}

/// Acknowledges messages: they leave the inbox, and their senders are told.
public struct AckMessages: Call {
    /// The messages, at most 1,000.
    public var messages: [MessageID]
    /// Which agent of this node asks; the default agent unless given.
    public var agent: AgentName?

    /// A request.
    public init(messages: [MessageID], agent: AgentName? = nil) {
        self.messages = messages
        self.agent = agent
    }

    public typealias Reply = MarkedMessages
    public static var name: String { "message.ack" }
    public static var summary: String { "Acknowledge messages." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("messages", \Self.messages, "The messages, at most 1,000."),
            Parameter("agent", \Self.agent, "Which agent of this node asks; the default agent unless given."),
        ]
    }
    public var object: String? { messages.first?.text }
    public static var example: AckMessages { AckMessages(messages: [.example]) }
}

/// Puts messages back: they come again later, five times at most.
public struct NackMessages: Call {
    /// The messages, at most 1,000.
    public var messages: [MessageID]
    /// Which agent of this node asks; the default agent unless given.
    public var agent: AgentName?
    /// Come again after this long, 0 to 86400; 60 unless given.
    public var seconds: Int?
    /// Why, at most 512 bytes.
    public var reason: String?

    /// A request.
    public init(messages: [MessageID], agent: AgentName? = nil, seconds: Int? = nil, reason: String? = nil) {
        self.messages = messages
        self.agent = agent
        self.seconds = seconds
        self.reason = reason
    }

    public typealias Reply = MarkedMessages
    public static var name: String { "message.nack" }
    public static var summary: String { "Put messages back for later." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("messages", \Self.messages, "The messages, at most 1,000."),
            Parameter("agent", \Self.agent, "Which agent of this node asks; the default agent unless given."),
            Parameter("seconds", \Self.seconds, "Come again after this long, 0 to 86400; 60 unless given."),
            Parameter("reason", \Self.reason, "Why, at most 512 bytes."),
        ]
    }
    public var object: String? { messages.first?.text }
    public static var example: NackMessages { NackMessages(messages: [.example], seconds: 300) }
}

/// Decides about messages that are held back. For the owner alone.
public struct ReleaseMessages: Call {
    /// The messages, at most 1,000.
    public var messages: [MessageID]
    /// `accept` or `refuse`.
    public var verdict: MessageVerdict

    /// A request.
    public init(messages: [MessageID], verdict: MessageVerdict) {
        self.messages = messages
        self.verdict = verdict
    }

    public typealias Reply = MarkedMessages
    public static var name: String { "message.release" }
    public static var summary: String { "Let held messages in, or refuse them." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("messages", \Self.messages, "The messages, at most 1,000."),
            Parameter("verdict", \Self.verdict, "`accept` or `refuse`."),
        ]
    }
    public var object: String? { messages.first?.text }
    public static var example: ReleaseMessages { ReleaseMessages(messages: [.example], verdict: .accept) }
}
