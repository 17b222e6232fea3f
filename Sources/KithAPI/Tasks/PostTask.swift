/// Posts a task; the node that answers becomes its home.
public struct PostTask: Call {
    /// A line about it, at most 512 bytes.
    public var title: String
    /// What is to be done, at most 64 KiB.
    public var body: String?
    /// Who may claim it: `name@node`, `@node`, `label:x`, `tag:x`, `cap:x`; anybody unless given.
    public var target: [String]?
    /// What must be done before, wherever it lives; at most 64.
    public var needs: [TaskID]?
    /// Higher is claimed first; 0 unless given.
    public var priority: Int?
    /// While a task with this key is active, this only counts one more occurrence.
    public var dedupeKey: String?
    /// Close the active task with this key instead of posting.
    public var resolved: Bool?
    /// How long a claim lasts without renewal, 1 to 3600; 90 unless given.
    public var leaseSeconds: Int?
    /// Given up after so many failures, 1 to 100; 3 unless given.
    public var maximumAttempts: Int?
    /// Which agent posts it; the default agent unless given.
    public var agent: AgentName?

    /// A task to post.
    public init(
        title: String, body: String? = nil, target: [String]? = nil, needs: [TaskID]? = nil, priority: Int? = nil,
        dedupeKey: String? = nil, resolved: Bool? = nil, leaseSeconds: Int? = nil, maximumAttempts: Int? = nil,
        agent: AgentName? = nil
    ) {
        self.title = title
        self.body = body
        self.target = target
        self.needs = needs
        self.priority = priority
        self.dedupeKey = dedupeKey
        self.resolved = resolved
        self.leaseSeconds = leaseSeconds
        self.maximumAttempts = maximumAttempts
        self.agent = agent
    }

    /// The task.
    public struct Reply: Described, Equatable {
        /// The task.
        public var task: TaskRecord
        /// Whether it was there before.
        public var isRepeat: Bool

        /// An answer.
        public init(task: TaskRecord, isRepeat: Bool) {
            self.task = task
            self.isRepeat = isRepeat
        }

        public static var parameters: [Parameter] {
            [
                Parameter("task", \Self.task, "The task."),
                Parameter("isRepeat", \Self.isRepeat, "Whether it was there before."),
            ]
        }
    }

    public static var name: String { "task.post" }
    public static var summary: String { "Post a task." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("title", \Self.title, "A line about it, at most 512 bytes."),
            Parameter("body", \Self.body, "What is to be done, at most 64 KiB."),
            Parameter(
                "target", \Self.target,
                "Who may claim it: `name@node`, `@node`, `label:x`, `tag:x`, `cap:x`; anybody unless given."),
            Parameter("needs", \Self.needs, "What must be done before, wherever it lives; at most 64."),
            Parameter("priority", \Self.priority, "Higher is claimed first; 0 unless given."),
            Parameter(
                "dedupeKey", \Self.dedupeKey,
                "While a task with this key is active, this only counts one more occurrence."),
            Parameter("resolved", \Self.resolved, "Close the active task with this key instead of posting."),
            Parameter(
                "leaseSeconds", \Self.leaseSeconds,
                "How long a claim lasts without renewal, 1 to 3600; 90 unless given."),
            Parameter(
                "maximumAttempts", \Self.maximumAttempts, "Given up after so many failures, 1 to 100; 3 unless given."),
            Parameter("agent", \Self.agent, "Which agent posts it; the default agent unless given."),
        ]
    }
    public var object: String? { dedupeKey ?? title }
    public static var example: PostTask {
        PostTask(title: "Review the parser", target: ["cap:review"], priority: 5)
    }
}
