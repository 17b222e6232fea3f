public import FoundationEssentials

/// One thing that happened to a task.
public struct TaskEvent: Described, Equatable {
    /// Its number; give it back to read on after it.
    public var cursor: Int
    /// `posted`, `again`, `claimed`, `updated`, `done`, `failed`, `retry`, `lapsed`, `released`, `cancelled`,
    /// `ready`, `adopted`; `now` or `gap`.
    public var kind: String
    /// When.
    public var at: Date?
    /// Which task.
    public var task: TaskID?
    /// Who.
    public var agent: String?
    /// More about it.
    public var detail: String?
    /// What is missing, on `gap`.
    public var gap: CursorGap?

    /// An event from its parts.
    public init(
        cursor: Int, kind: String, at: Date? = nil, task: TaskID? = nil, agent: String? = nil,
        detail: String? = nil, gap: CursorGap? = nil
    ) {
        self.cursor = cursor
        self.kind = kind
        self.at = at
        self.task = task
        self.agent = agent
        self.detail = detail
        self.gap = gap
    }

    public static var parameters: [Parameter] {
        [
            Parameter("cursor", \Self.cursor, "Its number; give it back to read on after it."),
            Parameter(
                "kind", \Self.kind,
                "`posted`, `again`, `claimed`, `updated`, `done`, `failed`, `retry`, `lapsed`, `released`, `cancelled`, `ready`, `adopted`; `now` or `gap`."
            ),
            Parameter("at", \Self.at, "When."),
            Parameter("task", \Self.task, "Which task."),
            Parameter("agent", \Self.agent, "Who."),
            Parameter("detail", \Self.detail, "More about it."),
            Parameter("gap", \Self.gap, "What is missing, on `gap`."),
        ]
    }
}

/// Events that were forgotten before they were read.
public struct CursorGap: Described, Equatable {
    /// The first that is missing.
    public var from: Int
    /// The last that is missing.
    public var to: Int

    /// A gap.
    public init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    public static var parameters: [Parameter] {
        [
            Parameter("from", \Self.from, "The first that is missing."),
            Parameter("to", \Self.to, "The last that is missing."),
        ]
    }
}

/// Reads what happened to the tasks of this node, and follows it if asked to. After a reconnect with the last
/// cursor nothing is missed and nothing comes twice.
public struct FollowTasks: Feed {
    /// After this one; from the beginning unless given, from now on with -1.
    public var cursor: Int?
    /// Stay and send what comes.
    public var follow: Bool?
    /// Only this task.
    public var task: TaskID?

    /// A request.
    public init(cursor: Int? = nil, follow: Bool? = nil, task: TaskID? = nil) {
        self.cursor = cursor
        self.follow = follow
        self.task = task
    }

    public typealias Element = TaskEvent
    public static var name: String { "task.events" }
    public static var summary: String { "Read what happened to tasks, and follow it." }
    public static var grant: Grant { .task }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("cursor", \Self.cursor, "After this one; from the beginning unless given, from now on with -1."),
            Parameter("follow", \Self.follow, "Stay and send what comes."),
            Parameter("task", \Self.task, "Only this task."),
        ]
    }
    public var object: String? { task?.text }
    public static var example: FollowTasks { FollowTasks(cursor: 42, follow: true) }
}
