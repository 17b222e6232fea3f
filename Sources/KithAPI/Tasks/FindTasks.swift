/// Finds tasks by the beginning of their id: those of this node, and for its owner also those of other nodes that it
/// has shown or claimed, as they were then. Newest first; those of other nodes come last.
public struct FindTasks: Call {
    /// How the id begins; everything fits the empty text.
    public var beginning: String
    /// At most this many, 1 to 1000; 20 unless given.
    public var limit: Int?

    /// A request.
    public init(beginning: String, limit: Int? = nil) {
        self.beginning = beginning
        self.limit = limit
    }

    /// What was found.
    public struct Reply: Described, Equatable {
        /// The tasks.
        public var entries: [TaskRecord]

        /// Tasks.
        public init(entries: [TaskRecord]) {
            self.entries = entries
        }

        public static var parameters: [Parameter] { [Parameter("entries", \Self.entries, "The tasks.")] }
    }

    public static var name: String { "task.find" }
    public static var summary: String { "Find tasks by the beginning of their id." }
    public static var grant: Grant { .task }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("beginning", \Self.beginning, "How the id begins; everything fits the empty text."),
            Parameter("limit", \Self.limit, "At most this many, 1 to 1000; 20 unless given."),
        ]
    }
    public var object: String? { beginning }
    public static var example: FindTasks { FindTasks(beginning: "tabc") }
}
