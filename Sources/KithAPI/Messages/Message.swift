public import FoundationEssentials

/// What a message is.
public enum MessageKind: String, ParameterChoice {
    /// Talk; nobody waits for anything.
    case chat
    /// Something is asked for.
    case request
    /// The answer to a request.
    case response
    /// Said to many.
    case broadcast
    /// Said by a node itself: what became of something.
    case notice
}

/// What the sender wants to know.
public enum AckWish: String, ParameterChoice {
    /// Nothing: being read is enough, and takes the message out of the inbox.
    case none
    /// An acknowledgement; until then it stays in the inbox.
    case want
    /// An acknowledgement; the sender is told if the agent ends without one.
    case need
}

/// Immutable text from one agent to others.
public struct Message: Described, Equatable {
    /// Its id, a UUID that begins with the time.
    public var id: MessageID
    /// Who wrote it: an agent, and the node that the door saw.
    public var from: String
    /// To whom, in the words of the sender.
    public var to: [String]
    /// What it is.
    public var kind: MessageKind
    /// A line about it.
    public var subject: String?
    /// The text, whole.
    public var body: String
    /// The first message of the conversation.
    public var thread: MessageID
    /// The message that this one answers.
    public var replyTo: MessageID?
    /// A word to filter by.
    public var channel: String?
    /// What the sender wants to know.
    public var ack: AckWish
    /// The task that it talks about.
    public var task: TaskID?
    /// When, by the sender's clock.
    public var sentAt: Date
    /// When it will be given up, by this node's clock.
    public var expiresAt: Date

    /// A message from its parts.
    public init(
        id: MessageID, from: String, to: [String], kind: MessageKind, subject: String? = nil, body: String,
        thread: MessageID, replyTo: MessageID? = nil, channel: String? = nil, ack: AckWish, task: TaskID? = nil,
        sentAt: Date, expiresAt: Date
    ) {
        self.id = id
        self.from = from
        self.to = to
        self.kind = kind
        self.subject = subject
        self.body = body
        self.thread = thread
        self.replyTo = replyTo
        self.channel = channel
        self.ack = ack
        self.task = task
        self.sentAt = sentAt
        self.expiresAt = expiresAt
    }

    public static var parameters: [Parameter] {
        [
            Parameter("id", \Self.id, "Its id, a UUID that begins with the time."),
            Parameter("from", \Self.from, "Who wrote it: an agent, and the node that the door saw."),
            Parameter("to", \Self.to, "To whom, in the words of the sender."),
            Parameter("kind", \Self.kind, "What it is."),
            Parameter("subject", \Self.subject, "A line about it."),
            Parameter("body", \Self.body, "The text, whole."),
            Parameter("thread", \Self.thread, "The first message of the conversation."),
            Parameter("replyTo", \Self.replyTo, "The message that this one answers."),
            Parameter("channel", \Self.channel, "A word to filter by."),
            Parameter("ack", \Self.ack, "What the sender wants to know."),
            Parameter("task", \Self.task, "The task that it talks about."),
            Parameter("sentAt", \Self.sentAt, "When, by the sender's clock."),
            Parameter("expiresAt", \Self.expiresAt, "When it will be given up, by this node's clock."),
        ]
    }
}
