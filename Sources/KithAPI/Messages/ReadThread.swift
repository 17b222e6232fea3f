/// Lists a conversation as this node knows it, oldest first.
public struct ReadThread: Call {
    /// Any message of it.
    public var thread: MessageID
    /// Where the last page ended.
    public var cursor: String?
    /// At most this many, 1 to 1000; 50 unless given.
    public var limit: Int?

    /// A request.
    public init(thread: MessageID, cursor: String? = nil, limit: Int? = nil) {
        self.thread = thread
        self.cursor = cursor
        self.limit = limit
    }

    /// One page; it ends at about 4 MiB as well.
    public struct Reply: Described, Equatable {
        /// The messages, oldest first.
        public var entries: [MessageRecord]
        /// Give it back as `cursor` to read on; absent at the end.
        public var nextCursor: String?

        /// A page.
        public init(entries: [MessageRecord], nextCursor: String? = nil) {
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

    public static var name: String { "message.thread" }
    public static var summary: String { "List the messages of a conversation." }
    public static var grant: Grant { .message }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("thread", \Self.thread, "Any message of it."),
            Parameter("cursor", \Self.cursor, "Where the last page ended."),
            Parameter("limit", \Self.limit, "At most this many, 1 to 1000; 50 unless given."),
        ]
    }
    public var object: String? { thread.text }
    public static var example: ReadThread { ReadThread(thread: .example) }
}

/// Says how far each delivery of a message is.
public struct GetMessage: Call {
    /// The message.
    public var message: MessageID

    /// A request.
    public init(message: MessageID) {
        self.message = message
    }

    public typealias Reply = MessageRecord
    public static var name: String { "message.status" }
    public static var summary: String { "Say how far a message has come." }
    public static var grant: Grant { .message }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("message", \Self.message, "The message.")
        ]
    }
    public var object: String? { message.text }
    public static var example: GetMessage { GetMessage(message: .example) }
}
