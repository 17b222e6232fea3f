/// Lists the tasks whose home is here, newest first, a page at a time.
public struct ListTasks: Call {
    /// Only in this state.
    public var state: TaskState?
    /// Only those that are neither done, failed nor cancelled.
    public var active: Bool?
    /// Where the last page ended.
    public var cursor: String?
    /// At most this many, 1 to 1000; 100 unless given.
    public var limit: Int?

    /// A request.
    public init(state: TaskState? = nil, active: Bool? = nil, cursor: String? = nil, limit: Int? = nil) {
        self.state = state
        self.active = active
        self.cursor = cursor
        self.limit = limit
    }

    /// One page.
    public struct Reply: Described, Equatable {
        /// The tasks, newest first.
        public var entries: [TaskRecord]
        /// Give it back as `cursor` to read on; absent at the end.
        public var nextCursor: String?

        /// A page.
        public init(entries: [TaskRecord], nextCursor: String? = nil) {
            self.entries = entries
            self.nextCursor = nextCursor
        }

        public static var parameters: [Parameter] {
            [
                Parameter("entries", \Self.entries, "The tasks, newest first."),
                Parameter("nextCursor", \Self.nextCursor, "Give it back as `cursor` to read on; absent at the end."),
            ]
        }
    }

    public static var name: String { "task.list" }
    public static var summary: String { "List tasks." }
    public static var grant: Grant { .task }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("state", \Self.state, "Only in this state."),
            Parameter("active", \Self.active, "Only those that are neither done, failed nor cancelled."),
            Parameter("cursor", \Self.cursor, "Where the last page ended."),
            Parameter("limit", \Self.limit, "At most this many, 1 to 1000; 100 unless given."),
        ]
    }
    public static var example: ListTasks { ListTasks(active: true) }
}

/// Shows one task; its home is asked.
public struct ShowTask: Call {
    /// The task.
    public var task: TaskID

    /// A request.
    public init(task: TaskID) {
        self.task = task
    }

    public typealias Reply = TaskRecord
    public static var name: String { "task.show" }
    public static var summary: String { "Show one task." }
    public static var grant: Grant { .task }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task.")
        ]
    }
    public var object: String? { task.text }
    public static var example: ShowTask { ShowTask(task: .example) }
}

/// Makes this node the home of a task whose own home is gone, under a new id. A person decides it: nobody can tell
/// death from absence. For the owner alone.
public struct AdoptTask: Call {
    /// The task, of which this node must have a copy.
    public var task: TaskID

    /// A request.
    public init(task: TaskID) {
        self.task = task
    }

    public typealias Reply = TaskRecord
    public static var name: String { "task.adopt" }
    public static var summary: String { "Take over a task whose home is gone." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task, of which this node must have a copy.")
        ]
    }
    public var object: String? { task.text }
    public static var example: AdoptTask { AdoptTask(task: .example) }
}
