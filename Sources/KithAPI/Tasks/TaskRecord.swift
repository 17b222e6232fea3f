public import FoundationEssentials

/// Where a task stands.
public enum TaskState: String, ParameterChoice {
    /// Nobody has it.
    case open
    /// Somebody has it.
    case claimed
    /// Its holder works on it.
    case working
    /// Its holder cannot go on.
    case blocked
    /// Its holder waits for a person.
    case needsInput = "needs_input"
    /// It is done.
    case done
    /// It was given up.
    case failed
    /// It was called off.
    case cancelled
}

/// A piece of work, as its home node knows it.
public struct TaskRecord: Described, Equatable {
    /// Its id; the part after the dash names its home.
    public var id: TaskID
    /// A line about it.
    public var title: String
    /// What is to be done.
    public var body: String?
    /// Who may claim it; empty means anybody with the grant.
    public var target: [String]
    /// What must be done before.
    public var needs: [TaskID]
    /// Higher is claimed first.
    public var priority: Int
    /// While it is active, the same key posts nothing new.
    public var dedupeKey: String?
    /// Where it stands.
    public var state: TaskState
    /// What its holder said last.
    public var progress: String?
    /// What came of it.
    public var result: String?
    /// Why it failed, was cancelled, or is open again.
    public var reason: String?
    /// How often it was claimed.
    public var claims: Int
    /// How many attempts have failed.
    public var attempts: Int
    /// After so many it is given up.
    public var maximumAttempts: Int
    /// How often it was posted.
    public var occurrences: Int
    /// When it was last posted.
    public var lastSeenAt: Date
    /// When it was first posted.
    public var createdAt: Date
    /// When it last changed.
    public var updatedAt: Date
    /// When it may be tried again.
    public var notBefore: Date?
    /// Who posted it.
    public var poster: String
    /// Who has it.
    public var holder: String?
    /// The highest token that was given out for it.
    public var token: Int
    /// How long a claim lasts without renewal.
    public var leaseSeconds: Int
    /// Whether all that it needs is done.
    public var isReady: Bool
    /// Whether its holder has said nothing for ten minutes.
    public var isStalled: Bool
    /// The node that decides about it.
    public var home: String

    /// A record from its parts.
    public init(
        id: TaskID, title: String, body: String? = nil, target: [String], needs: [TaskID], priority: Int,
        dedupeKey: String? = nil, state: TaskState, progress: String? = nil, result: String? = nil,
        reason: String? = nil, claims: Int, attempts: Int, maximumAttempts: Int, occurrences: Int,
        lastSeenAt: Date, createdAt: Date, updatedAt: Date, notBefore: Date? = nil, poster: String,
        holder: String? = nil, token: Int, leaseSeconds: Int, isReady: Bool, isStalled: Bool, home: String
    ) {
        self.id = id
        self.title = title
        self.body = body
        self.target = target
        self.needs = needs
        self.priority = priority
        self.dedupeKey = dedupeKey
        self.state = state
        self.progress = progress
        self.result = result
        self.reason = reason
        self.claims = claims
        self.attempts = attempts
        self.maximumAttempts = maximumAttempts
        self.occurrences = occurrences
        self.lastSeenAt = lastSeenAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.notBefore = notBefore
        self.poster = poster
        self.holder = holder
        self.token = token
        self.leaseSeconds = leaseSeconds
        self.isReady = isReady
        self.isStalled = isStalled
        self.home = home
    }

    public static var parameters: [Parameter] {
        [
            Parameter("id", \Self.id, "Its id; the part after the dash names its home."),
            Parameter("title", \Self.title, "A line about it."),
            Parameter("body", \Self.body, "What is to be done."),
            Parameter("target", \Self.target, "Who may claim it; empty means anybody with the grant."),
            Parameter("needs", \Self.needs, "What must be done before."),
            Parameter("priority", \Self.priority, "Higher is claimed first."),
            Parameter("dedupeKey", \Self.dedupeKey, "While it is active, the same key posts nothing new."),
            Parameter("state", \Self.state, "Where it stands."),
            Parameter("progress", \Self.progress, "What its holder said last."),
            Parameter("result", \Self.result, "What came of it."),
            Parameter("reason", \Self.reason, "Why it failed, was cancelled, or is open again."),
            Parameter("claims", \Self.claims, "How often it was claimed."),
            Parameter("attempts", \Self.attempts, "How many attempts have failed."),
            Parameter("maximumAttempts", \Self.maximumAttempts, "After so many it is given up."),
            Parameter("occurrences", \Self.occurrences, "How often it was posted."),
            Parameter("lastSeenAt", \Self.lastSeenAt, "When it was last posted."),
            Parameter("createdAt", \Self.createdAt, "When it was first posted."),
            Parameter("updatedAt", \Self.updatedAt, "When it last changed."),
            Parameter("notBefore", \Self.notBefore, "When it may be tried again."),
            Parameter("poster", \Self.poster, "Who posted it."),
            Parameter("holder", \Self.holder, "Who has it."),
            Parameter("token", \Self.token, "The highest token that was given out for it."),
            Parameter("leaseSeconds", \Self.leaseSeconds, "How long a claim lasts without renewal."),
            Parameter("isReady", \Self.isReady, "Whether all that it needs is done."),
            Parameter("isStalled", \Self.isStalled, "Whether its holder has said nothing for ten minutes."),
            Parameter("home", \Self.home, "The node that decides about it."),
        ]
    }
}

/// A claim that was granted.
public struct TaskClaim: Described, Equatable {
    /// The task.
    public var task: TaskRecord
    /// Proves the claim; rises with every claim of the task.
    public var token: Int
    /// How long it lasts without renewal, from the moment of asking.
    public var leaseSeconds: Int

    /// A claim.
    public init(task: TaskRecord, token: Int, leaseSeconds: Int) {
        self.task = task
        self.token = token
        self.leaseSeconds = leaseSeconds
    }

    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task."),
            Parameter("token", \Self.token, "Proves the claim; rises with every claim of the task."),
            Parameter(
                "leaseSeconds", \Self.leaseSeconds, "How long it lasts without renewal, from the moment of asking."),
        ]
    }
}
