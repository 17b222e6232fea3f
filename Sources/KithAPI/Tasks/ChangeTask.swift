/// Makes a claim last longer. The daemon does it by itself while the agent's session is held.
public struct RenewTask: Call {
    /// The task.
    public var task: TaskID
    /// The token of the claim.
    public var token: Int

    /// A request.
    public init(task: TaskID, token: Int) {
        self.task = task
        self.token = token
    }

    public typealias Reply = TaskClaim
    public static var name: String { "task.renew" }
    public static var summary: String { "Renew a claim." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task."),
            Parameter("token", \Self.token, "The token of the claim."),
        ]
    }
    public var object: String? { task.text }
    public static var example: RenewTask { RenewTask(task: .example, token: 1) }
}

/// Says how a task goes.
public struct UpdateTask: Call {
    /// The task.
    public var task: TaskID
    /// The token of the claim.
    public var token: Int
    /// `working`, `blocked` or `needs_input`.
    public var state: TaskState?
    /// A line about it, at most 4 KiB.
    public var progress: String?

    /// A request.
    public init(task: TaskID, token: Int, state: TaskState? = nil, progress: String? = nil) {
        self.task = task
        self.token = token
        self.state = state
        self.progress = progress
    }

    public typealias Reply = TaskRecord
    public static var name: String { "task.update" }
    public static var summary: String { "Report progress on a task." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task."),
            Parameter("token", \Self.token, "The token of the claim."),
            Parameter("state", \Self.state, "`working`, `blocked` or `needs_input`."),
            Parameter("progress", \Self.progress, "A line about it, at most 4 KiB."),
        ]
    }
    public var object: String? { task.text }
    public static var example: UpdateTask {
        UpdateTask(task: .example, token: 1, state: .working, progress: "half done")
    }
}

/// Says that a task is done. A token that is not the highest is refused.
public struct CompleteTask: Call {
    /// The task.
    public var task: TaskID
    /// The token of the claim.
    public var token: Int
    /// What came of it, at most 64 KiB.
    public var result: String?

    /// A request.
    public init(task: TaskID, token: Int, result: String? = nil) {
        self.task = task
        self.token = token
        self.result = result
    }

    public typealias Reply = TaskRecord
    public static var name: String { "task.complete" }
    public static var summary: String { "Complete a task." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task."),
            Parameter("token", \Self.token, "The token of the claim."),
            Parameter("result", \Self.result, "What came of it, at most 64 KiB."),
        ]
    }
    public var object: String? { task.text }
    public static var example: CompleteTask { CompleteTask(task: .example, token: 1, result: "merged") }
}

/// Says that an attempt has failed; the task is tried again later, or given up.
public struct FailTask: Call {
    /// The task.
    public var task: TaskID
    /// The token of the claim.
    public var token: Int
    /// Why, at most 4 KiB.
    public var reason: String
    /// Whether to give it up at once.
    public var isFinal: Bool?

    /// A request.
    public init(task: TaskID, token: Int, reason: String, isFinal: Bool? = nil) {
        self.task = task
        self.token = token
        self.reason = reason
        self.isFinal = isFinal
    }

    public typealias Reply = TaskRecord
    public static var name: String { "task.fail" }
    public static var summary: String { "Fail an attempt at a task." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task."),
            Parameter("token", \Self.token, "The token of the claim."),
            Parameter("reason", \Self.reason, "Why, at most 4 KiB."),
            Parameter("isFinal", \Self.isFinal, "Whether to give it up at once."),
        ]
    }
    public var object: String? { task.text }
    public static var example: FailTask { FailTask(task: .example, token: 1, reason: "does not compile") }
}

/// Gives a claim back without counting an attempt.
public struct ReleaseTask: Call {
    /// The task.
    public var task: TaskID
    /// The token of the claim.
    public var token: Int
    /// Why, at most 4 KiB.
    public var reason: String?

    /// A request.
    public init(task: TaskID, token: Int, reason: String? = nil) {
        self.task = task
        self.token = token
        self.reason = reason
    }

    public typealias Reply = TaskRecord
    public static var name: String { "task.release" }
    public static var summary: String { "Give a claimed task back." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task."),
            Parameter("token", \Self.token, "The token of the claim."),
            Parameter("reason", \Self.reason, "Why, at most 4 KiB."),
        ]
    }
    public var object: String? { task.text }
    public static var example: ReleaseTask { ReleaseTask(task: .example, token: 1) }
}

/// Calls a task off, whoever has it. For the owner of its home, and for the node that posted it.
public struct CancelTask: Call {
    /// The task.
    public var task: TaskID
    /// Why, at most 4 KiB.
    public var reason: String?

    /// A request.
    public init(task: TaskID, reason: String? = nil) {
        self.task = task
        self.reason = reason
    }

    public typealias Reply = TaskRecord
    public static var name: String { "task.cancel" }
    public static var summary: String { "Cancel a task." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task."),
            Parameter("reason", \Self.reason, "Why, at most 4 KiB."),
        ]
    }
    public var object: String? { task.text }
    public static var example: CancelTask { CancelTask(task: .example, reason: "no longer needed") }
}
