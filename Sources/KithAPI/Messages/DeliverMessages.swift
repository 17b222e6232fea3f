public import FoundationEssentials

/// A message as one node hands it to another, for some of its agents.
public struct Letter: Described, Equatable {
    /// The message.
    public var id: MessageID
    /// The agent of the sending node that wrote it.
    public var from: AgentName
    /// The agents of the receiving node.
    public var recipients: [LetterRecipient]
    /// To whom else it goes, in the sender's words; at most 64 of them.
    public var to: [String]
    /// What it is.
    public var kind: MessageKind
    /// A line about it.
    public var subject: String?
    /// The text, up to 64 KiB.
    public var body: String?
    /// The SHA-256 of a longer text, sent before by `message.blob`.
    public var blob: String?
    /// The conversation.
    public var thread: MessageID
    /// The message that it answers.
    public var replyTo: MessageID?
    /// A word to filter by.
    public var channel: String?
    /// What the sender wants to know.
    public var ack: AckWish
    /// The task that it talks about.
    public var task: TaskID?
    /// When, by the sender's clock.
    public var sentAt: Date
    /// How long it still lives; durations do not care whose clock is right.
    public var secondsToLive: Int

    /// A letter from its parts.
    public init(
        id: MessageID, from: AgentName, recipients: [LetterRecipient], to: [String], kind: MessageKind,
        subject: String? = nil, body: String? = nil, blob: String? = nil, thread: MessageID,
        replyTo: MessageID? = nil, channel: String? = nil, ack: AckWish, task: TaskID? = nil, sentAt: Date,
        secondsToLive: Int
    ) {
        self.id = id
        self.from = from
        self.recipients = recipients
        self.to = to
        self.kind = kind
        self.subject = subject
        self.body = body
        self.blob = blob
        self.thread = thread
        self.replyTo = replyTo
        self.channel = channel
        self.ack = ack
        self.task = task
        self.sentAt = sentAt
        self.secondsToLive = secondsToLive
    }

    public static var parameters: [Parameter] {
        [
            Parameter("id", \Self.id, "The message."),
            Parameter("from", \Self.from, "The agent of the sending node that wrote it."),
            Parameter("recipients", \Self.recipients, "The agents of the receiving node."),
            Parameter("to", \Self.to, "To whom else it goes, in the sender's words; at most 64 of them."),
            Parameter("kind", \Self.kind, "What it is."),
            Parameter("subject", \Self.subject, "A line about it."),
            Parameter("body", \Self.body, "The text, up to 64 KiB."),
            Parameter("blob", \Self.blob, "The SHA-256 of a longer text, sent before by `message.blob`."),
            Parameter("thread", \Self.thread, "The conversation."),
            Parameter("replyTo", \Self.replyTo, "The message that it answers."),
            Parameter("channel", \Self.channel, "A word to filter by."),
            Parameter("ack", \Self.ack, "What the sender wants to know."),
            Parameter("task", \Self.task, "The task that it talks about."),
            Parameter("sentAt", \Self.sentAt, "When, by the sender's clock."),
            Parameter(
                "secondsToLive", \Self.secondsToLive,
                "How long it still lives; durations do not care whose clock is right."),
        ]
    }
}

/// An agent to whom a letter goes.
public struct LetterRecipient: Described, Equatable {
    /// The agent.
    public var agent: AgentName
    /// The number of this delivery in the stream.
    public var sequence: Int

    /// A recipient.
    public init(agent: AgentName, sequence: Int) {
        self.agent = agent
        self.sequence = sequence
    }

    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "The agent."),
            Parameter("sequence", \Self.sequence, "The number of this delivery in the stream."),
        ]
    }
}

/// What nodes say to each other: takes messages for agents of this node. Numbers rise within a stream; what came
/// before is not stored again.
public struct DeliverMessages: Call {
    /// Names the sender's numbering.
    public var stream: String
    /// In the order of their numbers.
    public var letters: [Letter]

    /// Letters to deliver.
    public init(stream: String, letters: [Letter]) {
        self.stream = stream
        self.letters = letters
    }

    /// What became of them, once that is on the disk.
    public struct Reply: Described, Equatable {
        /// One for each recipient that was decided.
        public var outcomes: [LetterOutcome]
        /// The rest comes too fast: so many seconds to wait.
        public var retryAfter: Int?

        /// An answer.
        public init(outcomes: [LetterOutcome], retryAfter: Int? = nil) {
            self.outcomes = outcomes
            self.retryAfter = retryAfter
        }

        public static var parameters: [Parameter] {
            [
                Parameter("outcomes", \Self.outcomes, "One for each recipient that was decided."),
                Parameter("retryAfter", \Self.retryAfter, "The rest comes too fast: so many seconds to wait."),
            ]
        }
    }

    public static var name: String { "message.deliver" }
    public static var summary: String { "Take messages of a peer for agents here." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("stream", \Self.stream, "Names the sender's numbering."),
            Parameter("letters", \Self.letters, "In the order of their numbers."),
        ]
    }
    public static var example: DeliverMessages { DeliverMessages(stream: "s1", letters: []) }
}

/// What became of one delivery.
public struct LetterOutcome: Described, Equatable {
    /// Its number.
    public var sequence: Int
    /// How far it is here.
    public var state: DeliveryState
    /// Why it was not taken.
    public var reason: String?

    /// An outcome.
    public init(sequence: Int, state: DeliveryState, reason: String? = nil) {
        self.sequence = sequence
        self.state = state
        self.reason = reason
    }

    public static var parameters: [Parameter] {
        [
            Parameter("sequence", \Self.sequence, "Its number."),
            Parameter("state", \Self.state, "How far it is here."),
            Parameter("reason", \Self.reason, "Why it was not taken."),
        ]
    }
}
