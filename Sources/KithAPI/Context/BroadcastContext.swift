/// What happened at one peer.
public struct BroadcastOutcome: Described, Equatable {
    /// The peer.
    public var peer: String
    /// What happened.
    public var result: Result
    /// The version that the entry has there now.
    public var version: Int?
    /// Why it was not stored.
    public var reason: String?

    /// An outcome from its parts.
    public init(peer: String, result: Result, version: Int? = nil, reason: String? = nil) {
        self.peer = peer
        self.result = result
        self.version = version
        self.reason = reason
    }

    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "The peer."),
            Parameter("result", \Self.result, "What happened."),
            Parameter("version", \Self.version, "The version that the entry has there now."),
            Parameter("reason", \Self.reason, "Why it was not stored."),
        ]
    }

    /// What can happen at a peer.
    public enum Result: String, ParameterChoice {
        /// It is on its disk.
        case stored
        /// It does not grant that.
        case denied
        /// It cannot be reached.
        case offline
        /// It refused for another reason.
        case failed
    }
}

/// Stores a value under a key here and on every paired peer that grants it, and says what happened at each. For the
/// owner alone.
public struct BroadcastContext: Call {
    /// The key: 1–512 bytes of UTF-8.
    public var key: String
    /// The text: at most 1 MiB.
    public var value: String
    /// Forget the entry after this long.
    public var secondsToLive: Int?

    /// A value to spread.
    public init(key: String, value: String, secondsToLive: Int? = nil) {
        self.key = key
        self.value = value
        self.secondsToLive = secondsToLive
    }

    /// What happened.
    public struct Reply: Described, Equatable {
        /// The entry here.
        public var entry: ContextEntry
        /// One for each peer, by name.
        public var outcomes: [BroadcastOutcome]

        /// What happened.
        public init(entry: ContextEntry, outcomes: [BroadcastOutcome]) {
            self.entry = entry
            self.outcomes = outcomes
        }

        public static var parameters: [Parameter] {
            [
                Parameter("entry", \Self.entry, "The entry here."),
                Parameter("outcomes", \Self.outcomes, "One for each peer, by name."),
            ]
        }
    }

    public static var name: String { "context.broadcast" }
    public static var summary: String { "Store a value on every peer." }
    public static var grant: Grant { .contextWrite }
    public static var parameters: [Parameter] {
        [
            Parameter("key", \Self.key, "The key: 1–512 bytes of UTF-8."),
            Parameter("value", \Self.value, "The text: at most 1 MiB."),
            Parameter("secondsToLive", \Self.secondsToLive, "Forget the entry after this long."),
        ]
    }
    public var object: String? { key }
    public static var example: BroadcastContext { BroadcastContext(key: "build/status", value: "green") }
}
