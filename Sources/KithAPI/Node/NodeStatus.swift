/// Asks the local daemon how it is.
public struct GetStatus: Call {
    /// A request.
    public init() {}

    public typealias Reply = NodeStatus
    public static var name: String { "node.status" }
    public static var summary: String { "Say how this daemon is." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: GetStatus { GetStatus() }
}

/// How a daemon is.
public struct NodeStatus: Described, Equatable {
    /// Its identity.
    public var id: PeerID
    /// What it calls itself.
    public var name: PeerName
    /// The version of its daemon.
    public var version: String
    /// Its process.
    public var pid: Int
    /// Seconds since it started.
    public var uptime: Int
    /// Where peers reach it, as bound; empty if the peer door is closed.
    public var listening: [Address]
    /// The Unix socket that answered.
    public var socket: String
    /// The folder that holds its data.
    public var dataFolder: String
    /// `available`, or why discovery is not.
    public var discovery: String
    /// Paired peers that are online.
    public var peersOnline: Int
    /// Paired peers.
    public var peers: Int
    /// Commands running now.
    public var running: Int
    /// Trouble found at the start, for example a damaged database that was set aside.
    public var warnings: [String]
    /// The service manager that started it, and starts it again; nil if a person did.
    public var startedBy: String?

    /// A status from its parts.
    public init(
        identity: NodeIdentity, pid: Int, uptime: Int, listening: [Address], socket: String, dataFolder: String,
        discovery: String, peersOnline: Int, peers: Int, running: Int, warnings: [String]
    ) {
        (id, name, version) = (identity.id, identity.name, identity.version)
        (self.pid, self.uptime, self.listening) = (pid, uptime, listening)
        (self.socket, self.dataFolder, self.discovery) = (socket, dataFolder, discovery)
        (self.peersOnline, self.peers, self.running) = (peersOnline, peers, running)
        self.warnings = warnings
    }

    public static var parameters: [Parameter] {
        [
            Parameter("id", \Self.id, "Its identity."),
            Parameter("name", \Self.name, "What it calls itself."),
            Parameter("version", \Self.version, "The version of its daemon."),
            Parameter("pid", \Self.pid, "Its process."),
            Parameter("uptime", \Self.uptime, "Seconds since it started."),
            Parameter("listening", \Self.listening, "Where peers reach it."),
            Parameter("socket", \Self.socket, "The Unix socket that answered."),
            Parameter("dataFolder", \Self.dataFolder, "The folder that holds its data."),
            Parameter("discovery", \Self.discovery, "`available`, or why discovery is not."),
            Parameter("peersOnline", \Self.peersOnline, "Paired peers that are online."),
            Parameter("peers", \Self.peers, "Paired peers."),
            Parameter("running", \Self.running, "Commands running now."),
            Parameter("warnings", \Self.warnings, "Trouble found at the start."),
            Parameter("startedBy", \Self.startedBy, "The service manager that started it, if one did."),
        ]
    }
}
