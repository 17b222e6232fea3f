/// Lists entries in the order of their keys, a page at a time.
public struct ListContext: Call {
    /// Only keys that begin with this.
    public var prefix: String?
    /// Where the last page ended.
    public var cursor: String?
    /// At most this many, 1–1000; 100 unless given.
    public var limit: Int?

    /// A request for one page.
    public init(prefix: String? = nil, cursor: String? = nil, limit: Int? = nil) {
        self.prefix = prefix
        self.cursor = cursor
        self.limit = limit
    }

    /// One page of entries.
    public struct Reply: Described, Equatable {
        /// The entries, by key.
        public var entries: [ContextEntry]
        /// Give it back to read on; nil at the end.
        public var nextCursor: String?

        /// A page.
        public init(entries: [ContextEntry], nextCursor: String? = nil) {
            self.entries = entries
            self.nextCursor = nextCursor
        }

        public static var parameters: [Parameter] {
            [
                Parameter("entries", \Self.entries, "The entries, by key."),
                Parameter("nextCursor", \Self.nextCursor, "Give it back as `cursor` to read on; absent at the end."),
            ]
        }
    }

    public static var name: String { "context.list" }
    public static var summary: String { "List entries by key, a page at a time." }
    public static var grant: Grant { .contextRead }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("prefix", \Self.prefix, "Only keys that begin with this."),
            Parameter("cursor", \Self.cursor, "Where the last page ended."),
            Parameter("limit", \Self.limit, "At most this many, 1 to 1000; 100 unless given."),
        ]
    }
    public var object: String? { prefix }
    public static var example: ListContext { ListContext(prefix: "build/", limit: 50) }
}
