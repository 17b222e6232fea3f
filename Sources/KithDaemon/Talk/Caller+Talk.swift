import KithAPI

extension Caller {
    /// The node behind the peer door; nil for the owner.
    var node: PeerID? {
        guard case .peer(let peer) = self else { return nil }
        return peer.id
    }

    /// Agents of this node speak for themselves only through its local door.
    func requireOwner(_ what: String) throws(KithError) {
        guard case .peer = self else { return }
        throw KithError(.denied, "\(what) is for the agents of this machine alone.", hint: "Ask your own node.")
    }

    /// What nodes say to each other comes through the peer door.
    func requirePeer() throws(KithError) -> Peer {
        guard case .peer(let peer) = self else {
            throw KithError(.denied, "Only a peer can say that.", hint: "Use `kith message send`.")
        }
        return peer
    }
}
