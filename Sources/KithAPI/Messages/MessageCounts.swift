/// How many messages wait, and where.
public struct MessageCounts: Described, Equatable {
    /// Messages that an agent of this node has not read yet, by agent.
    public var unread: [String: Int]
    /// Messages that another node has not taken yet, by the name of the node.
    public var unsent: [String: Int]
    /// Messages that are kept back until the owner decides.
    public var held: Int

    /// Counts; nothing waits unless given.
    public init(unread: [String: Int] = [:], unsent: [String: Int] = [:], held: Int = 0) {
        self.unread = unread
        self.unsent = unsent
        self.held = held
    }

    public static var parameters: [Parameter] {
        [
            Parameter("unread", \Self.unread, "Messages not read yet, by agent."),
            Parameter("unsent", \Self.unsent, "Messages that another node has not taken yet, by its name."),
            Parameter("held", \Self.held, "Messages kept back until the owner decides."),
        ]
    }
}
