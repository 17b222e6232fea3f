public import FoundationEssentials

/// A message on a line: what it is about, and how far it has come.
public struct MessageLine: Described, Equatable {
    /// The message.
    public var id: MessageID
    /// Who wrote it: an agent and its node.
    public var from: String
    /// To whom, in the words of the sender.
    public var to: [String]
    /// What it is.
    public var kind: MessageKind
    /// Its subject, or else the beginning of its text: one line of at most 120 characters.
    public var about: String
    /// When, by the sender's clock.
    public var sentAt: Date
    /// How many of its deliveries are in each state.
    public var states: [String: Int]

    /// A line from its parts.
    public init(
        id: MessageID, from: String, to: [String], kind: MessageKind, about: String, sentAt: Date,
        states: [String: Int]
    ) {
        self.id = id
        self.from = from
        self.to = to
        self.kind = kind
        self.about = about
        self.sentAt = sentAt
        self.states = states
    }

    public static var parameters: [Parameter] {
        [
            Parameter("id", \Self.id, "The message."),
            Parameter("from", \Self.from, "Who wrote it: an agent and its node."),
            Parameter("to", \Self.to, "To whom, in the words of the sender."),
            Parameter("kind", \Self.kind, "What it is."),
            Parameter(
                "about", \Self.about,
                "Its subject, or else the beginning of its text: one line of at most 120 characters."),
            Parameter("sentAt", \Self.sentAt, "When, by the sender's clock."),
            Parameter("states", \Self.states, "How many of its deliveries are in each state."),
        ]
    }
}

/// Lists all messages that a node has, sent and received, newest first, a page at a time. Nothing counts as read.
public struct ListMessages: Call {
    /// Only those whose id begins like this.
    public var beginning: String?
    /// Only those that agents of this node have sent.
    public var sent: Bool?
    /// Where the last page ended.
    public var cursor: String?
    /// At most this many, 1 to 1000; 50 unless given.
    public var limit: Int?

    /// A request.
    public init(beginning: String? = nil, sent: Bool? = nil, cursor: String? = nil, limit: Int? = nil) {
        self.beginning = beginning
        self.sent = sent
        self.cursor = cursor
        self.limit = limit
    }

    /// One page.
    public struct Reply: Described, Equatable {
        /// The messages, newest first.
        public var entries: [MessageLine]
        /// Give it back as `cursor` to read on; absent at the end.
        public var nextCursor: String?

        /// A page.
        public init(entries: [MessageLine], nextCursor: String? = nil) {
            self.entries = entries
            self.nextCursor = nextCursor
        }

        public static var parameters: [Parameter] {
            [
                Parameter("entries", \Self.entries, "The messages, newest first."),
                Parameter("nextCursor", \Self.nextCursor, "Give it back as `cursor` to read on; absent at the end."),
            ]
        }
    }

    public static var name: String { "message.list" }
    public static var summary: String { "List the messages of a node, sent and received." }
    public static var grant: Grant { .message }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("beginning", \Self.beginning, "Only those whose id begins like this."),
            Parameter("sent", \Self.sent, "Only those that agents of this node have sent."),
            Parameter("cursor", \Self.cursor, "Where the last page ended."),
            Parameter("limit", \Self.limit, "At most this many, 1 to 1000; 50 unless given."),
        ]
    }
    public static var example: ListMessages { ListMessages(beginning: "019ac0de", limit: 20) }
}
