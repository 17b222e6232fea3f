public import FoundationEssentials

/// One change of an entry.
public struct ContextChange: Described, Equatable {
    /// Its number; give it back to read on after it.
    public var cursor: Int
    /// What happened.
    public var kind: Kind
    /// The key.
    public var key: String?
    /// The value, when it was set.
    public var value: String?
    /// The version that the change made, or ended.
    public var version: Int?
    /// When.
    public var at: Date?
    /// Who: `owner` or a peer.
    public var by: String?
    /// What is missing, on `gap`.
    public var gap: CursorGap?

    /// A change from its parts.
    public init(
        cursor: Int, kind: Kind, key: String? = nil, value: String? = nil, version: Int? = nil, at: Date? = nil,
        by: String? = nil, gap: CursorGap? = nil
    ) {
        self.cursor = cursor
        self.kind = kind
        self.key = key
        self.value = value
        self.version = version
        self.at = at
        self.by = by
        self.gap = gap
    }

    public static var parameters: [Parameter] {
        [
            Parameter("cursor", \Self.cursor, "Its number; give it back to read on after it."),
            Parameter("kind", \Self.kind, "What happened."),
            Parameter("key", \Self.key, "The key."),
            Parameter("value", \Self.value, "The value, when it was set."),
            Parameter("version", \Self.version, "The version that the change made, or ended."),
            Parameter("at", \Self.at, "When."),
            Parameter("by", \Self.by, "Who: `owner` or a peer."),
            Parameter("gap", \Self.gap, "What is missing, on `gap`."),
        ]
    }

    /// What can happen to an entry.
    public enum Kind: String, ParameterChoice {
        /// It has a new value.
        case set
        /// It was forgotten on purpose.
        case deleted
        /// Its time ran out.
        case expired
        /// Changes were forgotten before they were read.
        case gap
    }
}

/// Sends every change of the entries, from a cursor on. After a reconnect nothing is missed and nothing comes
/// twice; what was forgotten meanwhile is said as a gap.
public struct WatchContext: Feed {
    /// Only keys that begin with this.
    public var prefix: String?
    /// After this one; only what is new unless given.
    public var cursor: Int?
    /// Stay and send what comes; true unless given.
    public var follow: Bool?

    /// A request.
    public init(prefix: String? = nil, cursor: Int? = nil, follow: Bool? = nil) {
        self.prefix = prefix
        self.cursor = cursor
        self.follow = follow
    }

    public typealias Element = ContextChange
    public static var name: String { "context.watch" }
    public static var summary: String { "Watch entries change." }
    public static var grant: Grant { .contextRead }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("prefix", \Self.prefix, "Only keys that begin with this."),
            Parameter("cursor", \Self.cursor, "After this one; only what is new unless given."),
            Parameter("follow", \Self.follow, "Stay and send what comes; true unless given."),
        ]
    }
    public var object: String? { prefix }
    public static var example: WatchContext { WatchContext(prefix: "build/", cursor: 42) }
}

/// Lists the last changes of a key, newest first; the last 16, and 10,000 of all keys, are kept.
public struct GetContextHistory: Call {
    /// The key.
    public var key: String

    /// A request.
    public init(key: String) {
        self.key = key
    }

    /// The changes.
    public struct Reply: Described, Equatable {
        /// Newest first.
        public var entries: [ContextChange]

        /// The changes.
        public init(entries: [ContextChange]) {
            self.entries = entries
        }

        public static var parameters: [Parameter] {
            [
                Parameter("entries", \Self.entries, "Newest first.")
            ]
        }
    }

    public static var name: String { "context.history" }
    public static var summary: String { "List the last changes of a key." }
    public static var grant: Grant { .contextRead }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("key", \Self.key, "The key.")
        ]
    }
    public var object: String? { key }
    public static var example: GetContextHistory { GetContextHistory(key: "build/status") }
}
