public import KithAPI

/// What the owner agreed to, before the peer has proved its side.
public struct NewPin: Sendable {
    /// The peer's certificate, from the TLS session of the pairing.
    public let certificate: Certificate
    /// What we shall call it.
    public let name: PeerName
    /// What it may do here, at most 64 rules.
    public let grants: GrantSet
    /// Where it was reached, the latest first; the first 8 count.
    public let addresses: [Address]

    /// A pin for ``TrustBook/addPending(_:ifNameIsTaken:)``.
    public init(certificate: Certificate, name: PeerName, grants: GrantSet, addresses: [Address]) {
        self.certificate = certificate
        self.name = name
        self.grants = grants
        self.addresses = addresses
    }

    /// Its identity.
    public var id: PeerID { certificate.id }
}

/// What to do when a name or an address belongs to a peer with another key.
public enum NameClash: Sendable {
    /// Say loudly that the identity changed.
    case refuse
    /// The newcomer is the same machine with a new key: the old key goes when the new one is active.
    case replace
    /// The newcomer is another machine: it is called `NAME-2`.
    case number
}

/// A change of the trust book that is durable.
public struct TrustChange: Sendable, Equatable {
    /// What changed.
    public enum Kind: Sendable {
        /// A peer was stored as pending.
        case added
        /// A peer got its rights.
        case activated
        /// A peer is gone; close its connections.
        case removed
        /// A peer may do more or less than before; end what it no longer may do.
        case grantsChanged
        /// A peer has another name.
        case renamed
        /// A peer was reached at an address.
        case addressLearned
        /// A node vouches for other workers than before.
        case vouchersChanged
    }

    /// Whom it is about.
    public let id: PeerID
    /// What changed.
    public let kind: Kind
}
