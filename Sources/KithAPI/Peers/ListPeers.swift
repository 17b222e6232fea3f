/// Lists paired peers, and nodes that were discovered and are not paired.
public struct ListPeers: Call {
    /// A request.
    public init() {}

    /// Everyone we know of.
    public struct Reply: Described, Equatable {
        /// Paired peers by name, then unpaired nodes by name.
        public var peers: [PeerStatus]

        /// A reply.
        public init(peers: [PeerStatus]) { self.peers = peers }

        public static var parameters: [Parameter] {
            [Parameter("peers", \Self.peers, "Paired peers by name, then unpaired nodes by name.")]
        }
    }

    public static var name: String { "peer.list" }
    public static var summary: String { "List paired peers and discovered nodes." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: ListPeers { ListPeers() }
}

/// Asks about one peer, and asks the peer itself.
public struct GetPeer: Call {
    /// The peer: a name or a prefix of its id.
    public var peer: String

    /// A request about `peer`.
    public init(peer: String) { self.peer = peer }

    public typealias Reply = PeerStatus
    public static var name: String { "peer.status" }
    public static var summary: String { "Say what is known about one peer, after asking it." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [Parameter("peer", \Self.peer, "A name or a prefix of its id.")] }
    public var object: String? { peer }
    public static var example: GetPeer { GetPeer(peer: "studio") }
}
