public import KithAPI
public import KithTrust

/// Finds peers and the addresses at which to try them; the daemon answers with its trust book and roster.
public protocol PeerDirectory: Sendable {
    /// The paired peer that `text` (a name, or a prefix of an id) means.
    func find(_ text: String) throws -> PinnedPeer
    /// Where to try, best first.
    func candidates(for id: PeerID) async -> [Address]
    /// That the peer answered at `address`.
    func answered(_ id: PeerID, at address: Address) async
    /// That the peer has connected to this node.
    func arrived(_ id: PeerID) async
    /// That the peer did not answer anywhere.
    func failed(_ id: PeerID) async
}
