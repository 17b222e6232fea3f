public import FoundationEssentials

/// How far one delivery is. No state is reported before it is on the disk.
public enum DeliveryState: String, ParameterChoice {
    /// The sender's node has it.
    case accepted
    /// The recipient's node has it as well.
    case stored
    /// The agent's own client has read it.
    case surfaced
    /// The agent has acknowledged it.
    case acked
    /// The recipient's node keeps it back until its owner decides.
    case held
    /// The recipient's node does not take it.
    case refused
    /// Its time ran out.
    case expired
    /// It will never be answered; the reason says why.
    case dead
}

/// One message on its way to one agent.
public struct Delivery: Described, Equatable {
    /// The agent and its node.
    public var to: String
    /// How far it is.
    public var state: DeliveryState
    /// When it came so far, by this node's clock.
    public var at: Date
    /// Why, where it does not go on.
    public var reason: String?

    /// A delivery from its parts.
    public init(to: String, state: DeliveryState, at: Date, reason: String? = nil) {
        self.to = to
        self.state = state
        self.at = at
        self.reason = reason
    }

    public static var parameters: [Parameter] {
        [
            Parameter("to", \Self.to, "The agent and its node."),
            Parameter("state", \Self.state, "How far it is."),
            Parameter("at", \Self.at, "When it came so far, by this node's clock."),
            Parameter("reason", \Self.reason, "Why, where it does not go on."),
        ]
    }
}

/// A message with what is known of its deliveries.
public struct MessageRecord: Described, Equatable {
    /// The message.
    public var message: Message
    /// One for each recipient that this node knows of.
    public var deliveries: [Delivery]

    /// A record from its parts.
    public init(message: Message, deliveries: [Delivery]) {
        self.message = message
        self.deliveries = deliveries
    }

    public static var parameters: [Parameter] {
        [
            Parameter("message", \Self.message, "The message."),
            Parameter("deliveries", \Self.deliveries, "One for each recipient that this node knows of."),
        ]
    }
}
