public import FoundationEssentials

/// Asks a node who it is; the smallest question, and what "online" means.
public struct Ping: Call {
    /// A request.
    public init() {}

    public typealias Reply = NodeIdentity
    public static var name: String { "node.ping" }
    public static var summary: String { "Ask a node who it is." }
    public static var grant: Grant { .observe }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: Ping { Ping() }
}

/// Who a node is.
public struct NodeIdentity: Described, Equatable {
    /// Its identity.
    public var id: PeerID
    /// What it calls itself.
    public var name: PeerName
    /// The version of its daemon.
    public var version: String
    /// Its clock.
    public var time: Date

    /// An identity from its parts.
    public init(id: PeerID, name: PeerName, version: String, time: Date) {
        self.id = id
        self.name = name
        self.version = version
        self.time = time
    }

    public static var parameters: [Parameter] {
        [
            Parameter("id", \Self.id, "Its identity."),
            Parameter("name", \Self.name, "What it calls itself."),
            Parameter("version", \Self.version, "The version of its daemon."),
            Parameter("time", \Self.time, "Its clock."),
        ]
    }
}
