public import FoundationEssentials

/// What we know about another node.
public struct PeerStatus: Described, Equatable {
    /// Whether it can be reached, in truth: online means that an authenticated answer came.
    public enum State: String, ParameterChoice {
        /// An authenticated answer came a moment ago.
        case online
        /// We are asking.
        case connecting
        /// It does not answer.
        case offline
        /// It is on the network, and we have not paired with it.
        case unpaired
        /// Pairing was approved here and waits for the other side.
        case pending
    }

    /// Its identity.
    public var id: PeerID
    /// What we call it.
    public var name: PeerName
    /// Whether it can be reached.
    public var status: State
    /// Where it was reached last, or where we would try first.
    public var address: Address?
    /// When an authenticated answer last came.
    public var lastSeen: Date?
    /// Milliseconds of the last answer.
    public var latency: Double?
    /// What it may do here.
    public var grants: GrantSet
    /// The node whose worker it is, and which vouches for it; nil for a node that this one paired with.
    public var worker: PeerName?

    /// A status from its parts.
    public init(
        id: PeerID, name: PeerName, status: State, address: Address? = nil, lastSeen: Date? = nil,
        latency: Double? = nil,
        grants: GrantSet = GrantSet()
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.address = address
        self.lastSeen = lastSeen
        self.latency = latency
        self.grants = grants
    }

    public static var parameters: [Parameter] {
        [
            Parameter("id", \Self.id, "Its identity."),
            Parameter("name", \Self.name, "What we call it."),
            Parameter("status", \Self.status, "Whether it can be reached."),
            Parameter("address", \Self.address, "Where it was reached last."),
            Parameter("lastSeen", \Self.lastSeen, "When an authenticated answer last came."),
            Parameter("latency", \Self.latency, "Milliseconds of the last answer."),
            Parameter("grants", \Self.grants, "What it may do here."),
            Parameter("worker", \Self.worker, "The node whose worker it is, and which vouches for it."),
        ]
    }
}
