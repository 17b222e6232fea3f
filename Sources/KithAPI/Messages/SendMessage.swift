/// Sends a message from an agent of this node. For the owner alone; a peer delivers instead.
public struct SendMessage: Call {
    /// `name`, `name@node`, `@node`, `label:x`, `tag:x`, `cap:x` or `all`; a reply may leave it empty.
    public var to: [String]
    /// The text: at most 1 MiB of UTF-8.
    public var body: String
    /// Which agent of this node writes; the default agent unless given.
    public var agent: AgentName?
    /// What it is; `chat` unless given.
    public var kind: MessageKind?
    /// A line about it, at most 512 bytes.
    public var subject: String?
    /// The conversation that it goes on.
    public var thread: MessageID?
    /// The message that it answers, which is acknowledged by that.
    public var replyTo: MessageID?
    /// A word to filter by, at most 128 bytes.
    public var channel: String?
    /// What the sender wants to know; `want` unless given.
    public var ack: AckWish?
    /// Given up after this long; seven days unless given, thirty at most.
    public var secondsToLive: Int?
    /// The same key again answers with the first message.
    public var idempotencyKey: String?
    /// The task that it talks about.
    public var task: TaskID?

    /// A message to send.
    public init(
        to: [String], body: String, agent: AgentName? = nil, kind: MessageKind? = nil, subject: String? = nil,
        thread: MessageID? = nil, replyTo: MessageID? = nil, channel: String? = nil, ack: AckWish? = nil,
        secondsToLive: Int? = nil, idempotencyKey: String? = nil, task: TaskID? = nil
    ) {
        self.to = to
        self.body = body
        self.agent = agent
        self.kind = kind
        self.subject = subject
        self.thread = thread
        self.replyTo = replyTo
        self.channel = channel
        self.ack = ack
        self.secondsToLive = secondsToLive
        self.idempotencyKey = idempotencyKey
        self.task = task
    }

    /// What was sent, and to whom.
    public struct Reply: Described, Equatable {
        /// The message.
        public var id: MessageID
        /// Its conversation.
        public var thread: MessageID
        /// Who will get it.
        public var deliveries: [Delivery]
        /// Nodes that could not be asked whom the words mean there.
        public var unreached: [UnreachedNode]
        /// Whether the idempotency key was known, and nothing new was sent.
        public var isRepeat: Bool

        /// What was sent.
        public init(
            id: MessageID, thread: MessageID, deliveries: [Delivery], unreached: [UnreachedNode], isRepeat: Bool
        ) {
            self.id = id
            self.thread = thread
            self.deliveries = deliveries
            self.unreached = unreached
            self.isRepeat = isRepeat
        }

        public static var parameters: [Parameter] {
            [
                Parameter("id", \Self.id, "The message."),
                Parameter("thread", \Self.thread, "Its conversation."),
                Parameter("deliveries", \Self.deliveries, "Who will get it."),
                Parameter("unreached", \Self.unreached, "Nodes that could not be asked whom the words mean there."),
                Parameter(
                    "isRepeat", \Self.isRepeat, "Whether the idempotency key was known, and nothing new was sent."),
            ]
        }
    }

    public static var name: String { "message.send" }
    public static var summary: String { "Send a message to agents, here and on peers." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter(
                "to", \Self.to,
                "`name`, `name@node`, `@node`, `label:x`, `tag:x`, `cap:x` or `all`; a reply may leave it empty."),
            Parameter("body", \Self.body, "The text: at most 1 MiB of UTF-8."),
            Parameter("agent", \Self.agent, "Which agent of this node writes; the default agent unless given."),
            Parameter("kind", \Self.kind, "What it is; `chat` unless given."),
            Parameter("subject", \Self.subject, "A line about it, at most 512 bytes."),
            Parameter("thread", \Self.thread, "The conversation that it goes on."),
            Parameter("replyTo", \Self.replyTo, "The message that it answers, which is acknowledged by that."),
            Parameter("channel", \Self.channel, "A word to filter by, at most 128 bytes."),
            Parameter("ack", \Self.ack, "What the sender wants to know; `want` unless given."),
            Parameter(
                "secondsToLive", \Self.secondsToLive,
                "Given up after this long; seven days unless given, thirty at most."),
            Parameter("idempotencyKey", \Self.idempotencyKey, "The same key again answers with the first message."),
            Parameter("task", \Self.task, "The task that it talks about."),
        ]
    }
    public var object: String? { to.joined(separator: " ") }
    public static var example: SendMessage {
        SendMessage(to: ["reviewer@studio"], body: "Please look at the last commit.", kind: .request, ack: .need)
    }
}
