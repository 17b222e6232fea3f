/// Claims a task: at most one agent has it at a time. The same agent and epoch get the same answer again.
public struct ClaimTask: Call {
    /// The task.
    public var task: TaskID
    /// Which agent of this node asks; the default agent unless given.
    public var agent: AgentName?
    /// The epoch of its session; the present one unless given.
    public var epoch: Int?
    /// The card of the claiming agent; a node fills it in for its own.
    public var card: AgentCard?

    /// A request for `task`.
    public init(task: TaskID, agent: AgentName? = nil, epoch: Int? = nil, card: AgentCard? = nil) {
        self.task = task
        self.agent = agent
        self.epoch = epoch
        self.card = card
    }

    public typealias Reply = TaskClaim
    public static var name: String { "task.claim" }
    public static var summary: String { "Claim a task." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("task", \Self.task, "The task."),
            Parameter("agent", \Self.agent, "Which agent of this node asks; the default agent unless given."),
            Parameter("epoch", \Self.epoch, "The epoch of its session; the present one unless given."),
            Parameter("card", \Self.card, "The card of the claiming agent; a node fills it in for its own."),
        ]
    }
    public var object: String? { task.text }
    public static var example: ClaimTask { ClaimTask(task: .example) }
}

/// Picks the next task that the agent may have, and claims it, in one step.
public struct NextTask: Call {
    /// Which agent of this node asks; the default agent unless given.
    public var agent: AgentName?
    /// The epoch of its session; the present one unless given.
    public var epoch: Int?
    /// The card of the claiming agent; a node fills it in for its own.
    public var card: AgentCard?
    /// Ask paired nodes as well when there is nothing here; for the owner alone.
    public var everywhere: Bool?
    /// How long to wait until something fits, 0 to 50; not at all unless given.
    public var seconds: Double?

    /// A request.
    public init(
        agent: AgentName? = nil, epoch: Int? = nil, card: AgentCard? = nil, everywhere: Bool? = nil,
        seconds: Double? = nil
    ) {
        self.agent = agent
        self.epoch = epoch
        self.card = card
        self.everywhere = everywhere
        self.seconds = seconds
    }

    /// The claim; absent if nothing fits.
    public struct Reply: Described, Equatable {
        /// The claim.
        public var claim: TaskClaim?

        /// An answer.
        public init(claim: TaskClaim? = nil) {
            self.claim = claim
        }

        public static var parameters: [Parameter] {
            [
                Parameter("claim", \Self.claim, "The claim.")
            ]
        }
    }

    public static var name: String { "task.next" }
    public static var summary: String { "Claim the next task that fits an agent." }
    public static var grant: Grant { .task }
    public static var parameters: [Parameter] {
        [
            Parameter("agent", \Self.agent, "Which agent of this node asks; the default agent unless given."),
            Parameter("epoch", \Self.epoch, "The epoch of its session; the present one unless given."),
            Parameter("card", \Self.card, "The card of the claiming agent; a node fills it in for its own."),
            Parameter(
                "everywhere", \Self.everywhere,
                "Ask paired nodes as well when there is nothing here; for the owner alone."),
            Parameter(
                "seconds", \Self.seconds, "How long to wait until something fits, 0 to 50; not at all unless given."),
        ]
    }
    public static var example: NextTask { NextTask(everywhere: true) }
}
