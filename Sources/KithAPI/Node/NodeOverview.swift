/// All that an owner looks at: how the daemon is, who is there, what runs, what waits.
///
/// In JSON the fields of ``NodeStatus`` stand beside the others, so whoever reads the one can read the other.
public struct NodeOverview: Described, Equatable {
    /// The most entries of each list; the counts go on beyond them.
    public static let listLimit = 200

    /// How the daemon is.
    public var node: NodeStatus
    /// Paired peers by name, then nodes near by that are not paired.
    public var peerList: [PeerStatus]
    /// Jobs: those that run, then those that have ended, each the newest first.
    public var jobList: [Job]
    /// What waits for the owner's word.
    public var approvalList: [Approval]
    /// What waits to be read, to be sent, to be let in.
    public var messages: MessageCounts
    /// How many tasks are in each state.
    public var tasks: [String: Int]
    /// Tasks of this node that are not finished, the newest first, without their bodies.
    public var taskList: [TaskRecord]

    /// An overview from its parts.
    public init(
        node: NodeStatus, peerList: [PeerStatus] = [], jobList: [Job] = [], approvalList: [Approval] = [],
        messages: MessageCounts = MessageCounts(), tasks: [String: Int] = [:], taskList: [TaskRecord] = []
    ) {
        self.node = node
        self.peerList = peerList
        self.jobList = jobList
        self.approvalList = approvalList
        self.messages = messages
        self.tasks = tasks
        self.taskList = taskList
    }

    public static var parameters: [Parameter] {
        NodeStatus.parameters + [
            Parameter("peerList", \Self.peerList, "Paired peers by name, then nodes near by that are not paired."),
            Parameter("jobList", \Self.jobList, "Jobs: those that run, then those that have ended."),
            Parameter("approvalList", \Self.approvalList, "What waits for the owner's word."),
            Parameter("messages", \Self.messages, "What waits to be read, to be sent, to be let in."),
            Parameter("tasks", \Self.tasks, "How many tasks are in each state."),
            Parameter("taskList", \Self.taskList, "Tasks of this node that are not finished."),
        ]
    }
}

extension NodeOverview {
    private enum CodingKeys: String, CodingKey {
        case peerList, jobList, approvalList, messages, tasks, taskList
    }

    public init(from decoder: any Decoder) throws {
        let more = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            node: try NodeStatus(from: decoder), peerList: try more.decode([PeerStatus].self, forKey: .peerList),
            jobList: try more.decode([Job].self, forKey: .jobList),
            approvalList: try more.decode([Approval].self, forKey: .approvalList),
            messages: try more.decode(MessageCounts.self, forKey: .messages),
            tasks: try more.decode([String: Int].self, forKey: .tasks),
            taskList: try more.decode([TaskRecord].self, forKey: .taskList))
    }

    public func encode(to encoder: any Encoder) throws {
        try node.encode(to: encoder)
        var more = encoder.container(keyedBy: CodingKeys.self)
        try more.encode(peerList, forKey: .peerList)
        try more.encode(jobList, forKey: .jobList)
        try more.encode(approvalList, forKey: .approvalList)
        try more.encode(messages, forKey: .messages)
        try more.encode(tasks, forKey: .tasks)
        try more.encode(taskList, forKey: .taskList)
    }
}
