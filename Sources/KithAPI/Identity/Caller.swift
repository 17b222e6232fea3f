/// Who asks: decided by the door, never by what the request says.
public enum Caller: Sendable, Equatable {
    /// The person (or an agent of theirs) at the Unix socket of this machine.
    case owner
    /// A paired node, with the grants that we gave it.
    case peer(Peer)
}

/// A node that we paired with.
public struct Peer: Sendable, Equatable {
    /// Its identity, from the TLS session.
    public let id: PeerID
    /// What we call it.
    public let name: PeerName
    /// What it may do here.
    public let grants: GrantSet
    /// For a worker: what its parent lets it do at most; nil for all that the parent may.
    public let bound: [Grant]?

    /// A peer as the trust book knows it.
    public init(id: PeerID, name: PeerName, grants: GrantSet, bound: [Grant]? = nil) {
        self.id = id
        self.name = name
        self.grants = grants
        self.bound = bound
    }
}

extension Caller: CustomStringConvertible {
    /// How logs and the audit name the caller.
    public var description: String {
        switch self {
        case .owner: "owner"
        case .peer(let peer): "\(peer.name)(\(peer.id.short))"
        }
    }
}
