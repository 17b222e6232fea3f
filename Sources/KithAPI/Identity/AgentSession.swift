/// A program that asks for an agent at the owner's own door, and so may do less than the owner.
///
/// It names itself in the header ``header`` of every request. A name that it gives is display; that it gives one
/// takes authority away: see ``mayAsk(_:)``. A program that hides it is the owner's own program like any other.
public struct AgentSession: Sendable, Equatable {
    /// The header of a request on the local door: `mcp; client=claude-code`.
    public static let header = "kith-session"
    /// The most bytes of a client's name.
    public static let nameBytes = 64

    /// What the client calls itself, in letters, digits, `.`, `_` and `-`.
    public let client: String

    /// A session of the client with about this name; what does not fit becomes a dash.
    public init(client: String) {
        let letters = client.utf8.prefix(Self.nameBytes).map { Self.allows($0) ? $0 : UInt8(ascii: "-") }
        self.client = letters.isEmpty ? "unknown" : String(decoding: letters, as: UTF8.self)
    }

    /// Reads the header. Whatever stands there, it is a session: only its name may be unknown.
    public init(headerText: String) {
        let fields = headerText.split(separator: ";").map { $0.drop { $0 == " " } }
        let name = fields.first { $0.hasPrefix("client=") }?.dropFirst("client=".count)
        self.init(client: name.map(String.init) ?? "")
    }

    /// What stands in the header.
    public var headerText: String { "mcp; client=\(client)" }

    /// The one decision about what an agent may ask, here or through this node of a peer: what peers can hold
    /// but approvals, and of the owner's own only what looks around, what moves files, and to have workers or not.
    public func mayAsk(_ capability: any Capability.Type) -> Bool {
        switch capability.grant {
        case .approve: false
        case .owner: Self.ownersCapabilities.contains(capability.name)
        default: true
        }
    }

    private static let ownersCapabilities: Set = [
        "node.status", "peer.list", "peer.watch", "peer.status", "transfer.send", "transfer.pull",
        "worker.list", "worker.status", "worker.start", "worker.stop",
    ]

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
