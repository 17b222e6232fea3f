public import KithAPI

/// What the owner decided in `config.yaml`. Everything has a default; the file may be empty or missing.
public struct Configuration: Sendable, Equatable {
    /// What this node calls itself; the machine's host name unless given.
    public var name: PeerName?
    /// The address that the peer door binds to.
    public var listenHost = "0.0.0.0"
    /// The TCP port of the peer door; 0 lets the system choose.
    public var listenPort = Address.defaultPort
    /// The TCP port that others must dial, where a router or a container maps it; the bound one unless given.
    public var announcedPort: Int?
    /// Whether to announce this node and look for others with mDNS.
    public var discovery = true
    /// The loopback port where MCP is served over HTTP; 0 lets the system choose; nil, the default, serves none.
    public var mcpPort: Int?
    /// How much the daemon's own log says.
    public var logLevel = LogLevel.info

    /// The words for `log.level`.
    public enum LogLevel: String, CaseIterable, Sendable {
        case debug, info, warning, error
    }

    /// The defaults.
    public init() {}

    /// The dotted keys whose values differ from `other`.
    func differences(from other: Configuration) -> [String] {
        var keys: [String] = []
        if name != other.name { keys.append("name") }
        if listenHost != other.listenHost { keys.append("listen.host") }
        if listenPort != other.listenPort { keys.append("listen.port") }
        if announcedPort != other.announcedPort { keys.append("listen.announcedPort") }
        if discovery != other.discovery { keys.append("discovery") }
        if mcpPort != other.mcpPort { keys.append("mcp.httpPort") }
        if logLevel != other.logLevel { keys.append("log.level") }
        return keys
    }
}
