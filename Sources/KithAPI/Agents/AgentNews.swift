/// One line for an agent whose session is held open.
public struct AgentNews: Described, Equatable {
    /// What has happened.
    public var kind: Kind
    /// The epoch of the session.
    public var epoch: Int
    /// How many messages wait unread, on `began` and `mail`.
    public var waiting: Int?
    /// Which task, on `lost`.
    public var task: TaskID?
    /// Why, on `lost`.
    public var reason: String?

    /// A line from its parts.
    public init(kind: Kind, epoch: Int, waiting: Int? = nil, task: TaskID? = nil, reason: String? = nil) {
        self.kind = kind
        self.epoch = epoch
        self.waiting = waiting
        self.task = task
        self.reason = reason
    }

    public static var parameters: [Parameter] {
        [
            Parameter("kind", \Self.kind, "What has happened."),
            Parameter("epoch", \Self.epoch, "The epoch of the session."),
            Parameter("waiting", \Self.waiting, "How many messages wait unread, on `began` and `mail`."),
            Parameter("task", \Self.task, "Which task, on `lost`."),
            Parameter("reason", \Self.reason, "Why, on `lost`."),
        ]
    }

    /// What can happen to an agent.
    public enum Kind: String, ParameterChoice {
        /// The session is held: leases are renewed from now on.
        case began
        /// A message has come.
        case mail
        /// A task that it held is no longer its own.
        case lost
    }
}
