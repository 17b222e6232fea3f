public import KithAPI

/// A paired peer, as the trust book tells the ``Roster`` of it.
public struct KnownPeer: Sendable, Hashable {
    /// Who it is.
    public let id: PeerID
    /// What we call it.
    public let name: PeerName
    /// Where it was reached before, or where a person said it is; the best first.
    public let addresses: [Address]

    /// A peer from its parts.
    public init(id: PeerID, name: PeerName, addresses: [Address] = []) {
        self.id = id
        self.name = name
        self.addresses = addresses
    }
}
