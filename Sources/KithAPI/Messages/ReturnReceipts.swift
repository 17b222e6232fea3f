/// How far a delivery has come at the recipient's node.
public struct Receipt: Described, Equatable {
    /// The message.
    public var message: MessageID
    /// Whose delivery.
    public var agent: AgentName
    /// How far.
    public var state: DeliveryState
    /// Why it does not go on.
    public var reason: String?

    /// A receipt.
    public init(message: MessageID, agent: AgentName, state: DeliveryState, reason: String? = nil) {
        self.message = message
        self.agent = agent
        self.state = state
        self.reason = reason
    }

    public static var parameters: [Parameter] {
        [
            Parameter("message", \Self.message, "The message."),
            Parameter("agent", \Self.agent, "Whose delivery."),
            Parameter("state", \Self.state, "How far."),
            Parameter("reason", \Self.reason, "Why it does not go on."),
        ]
    }
}

/// What nodes say to each other: how far messages of this node have come there.
public struct ReturnReceipts: Call {
    /// At most 1,000.
    public var receipts: [Receipt]

    /// Receipts to return.
    public init(receipts: [Receipt]) {
        self.receipts = receipts
    }

    public typealias Reply = MarkedMessages
    public static var name: String { "message.receipt" }
    public static var summary: String { "Take receipts of a peer." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("receipts", \Self.receipts, "At most 1,000.")
        ]
    }
    public static var example: ReturnReceipts { ReturnReceipts(receipts: []) }
}

/// What nodes say to each other: a piece of a text that is too long for a letter, named by its hash.
public struct StoreBlob: Call {
    /// SHA-256 of the whole, in hexadecimal.
    public var hash: String
    /// Bytes of the whole, at most 1 MiB.
    public var size: Int
    /// Where the piece begins.
    public var offset: Int
    /// The bytes, in base 64.
    public var piece: String

    /// A piece to store.
    public init(hash: String, size: Int, offset: Int, piece: String) {
        self.hash = hash
        self.size = size
        self.offset = offset
        self.piece = piece
    }

    /// How far the text has come.
    public struct Reply: Described, Equatable {
        /// Bytes that are here; the whole once they are all and the hash fits.
        public var received: Int

        /// A count.
        public init(received: Int) {
            self.received = received
        }

        public static var parameters: [Parameter] {
            [
                Parameter(
                    "received", \Self.received, "Bytes that are here; the whole once they are all and the hash fits.")
            ]
        }
    }

    public static var name: String { "message.blob" }
    public static var summary: String { "Take a piece of a long text of a peer." }
    public static var grant: Grant { .message }
    public static var parameters: [Parameter] {
        [
            Parameter("hash", \Self.hash, "SHA-256 of the whole, in hexadecimal."),
            Parameter("size", \Self.size, "Bytes of the whole, at most 1 MiB."),
            Parameter("offset", \Self.offset, "Where the piece begins."),
            Parameter("piece", \Self.piece, "The bytes, in base 64."),
        ]
    }
    public var object: String? { hash }
    public static var example: StoreBlob { StoreBlob(hash: "00", size: 3, offset: 0, piece: "YWJj") }
}
