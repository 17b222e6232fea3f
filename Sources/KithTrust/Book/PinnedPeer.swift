public import FoundationEssentials
public import KithAPI

/// One peer in the trust book.
public struct PinnedPeer: Sendable, Equatable {
    /// How far the trust goes.
    public enum State: Sendable, Equatable {
        /// It has the rights that were granted.
        case active
        /// Our side agreed, the peer has not yet proved that its side did: no rights at all.
        case pending(since: Date)
    }

    /// Why it is trusted.
    public enum Source: Sendable, Equatable {
        /// This node paired with it.
        case pairing
        /// This node is a worker; it is its parent, or one of its parent's peers.
        case household
        /// It is a worker of that node, which vouches for it.
        case voucher(of: PeerID)
    }

    /// Its identity.
    public let id: PeerID
    /// What we call it; unique in the book.
    public internal(set) var name: PeerName
    /// Its certificate, for TLS that trusts exactly this one.
    public internal(set) var certificate: Certificate
    /// What it may do here, once it is active.
    public internal(set) var grants: GrantSet
    /// Where it was reached, the latest first; at most 8.
    public internal(set) var addresses: [Address]
    /// When the owner agreed.
    public internal(set) var addedAt: Date
    /// How far the trust goes.
    public internal(set) var state: State
    /// The peer whose name it takes over when it becomes active.
    var replaces: PeerID?
    /// Why it is trusted; only pairing stands in the book's file.
    public internal(set) var source = Source.pairing
    /// For a worker: what its parent lets it do at most; nil for all that the parent may.
    var bound: [Grant]?

    /// How long a pin may stay pending.
    public static let pendingLifetime: TimeInterval = 600

    /// Whether it is pending and its time has passed; it counts for nothing then.
    func hasExpired(at now: Date) -> Bool {
        guard case .pending(let since) = state else { return false }
        // A clock that was set back by more than a minute must not keep a pin pending for ever.
        return !(-60..<Self.pendingLifetime).contains(now.timeIntervalSince(since))
    }

    /// The peer as doors and services know it.
    var peer: Peer { Peer(id: id, name: name, grants: grants, bound: bound) }
}
