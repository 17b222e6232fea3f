/// Lists a folder, by name, a page at a time.
public struct ListFiles: Call {
    /// The folder: absolute, or relative to the home folder; the home folder unless given.
    public var path: String?
    /// Where the last page ended.
    public var cursor: String?

    /// A request for one page of `path`.
    public init(path: String? = nil, cursor: String? = nil) {
        self.path = path
        self.cursor = cursor
    }

    /// One page, at most 1,000 entries.
    public struct Reply: Described, Equatable {
        /// The entries, by name.
        public var entries: [FileEntry]
        /// Give it back to read on; nil at the end.
        public var nextCursor: String?

        /// A page.
        public init(entries: [FileEntry], nextCursor: String? = nil) {
            self.entries = entries
            self.nextCursor = nextCursor
        }

        public static var parameters: [Parameter] {
            [
                Parameter("entries", \Self.entries, "The entries, by name."),
                Parameter("nextCursor", \Self.nextCursor, "Give it back as `cursor` to read on; absent at the end."),
            ]
        }
    }

    public static var name: String { "file.list" }
    public static var summary: String { "List a folder, a page at a time." }
    public static var grant: Grant { .filesRead }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("path", \Self.path, "The folder; the home folder unless given."),
            Parameter("cursor", \Self.cursor, "Where the last page ended."),
        ]
    }
    public var object: String? { path }
    public static var example: ListFiles { ListFiles(path: "code/app") }
}
