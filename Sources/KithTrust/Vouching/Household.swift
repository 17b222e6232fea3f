public import KithAPI

/// The node whose workers are trusted without any grant of their own: this node itself, or the one whose worker it is.
public struct Household: Sendable, Equatable {
    /// The parent as a pin: what it is called and may do, and where it is.
    public var parent: PinnedPeer
    /// Whether this node is the parent; then it does not stand among its own peers.
    public var isOurs: Bool
    /// The parent's peers, whom its workers trust as it does; none where this node is the parent.
    public var peers: [PinnedPeer]
    /// The workers that are not to run: nobody vouches for them, and who names one is told so.
    public var resting: [PeerName] = []

    /// The household of this node, which may do everything at its workers, and they here what their vouchers say.
    public static func own(
        _ certificate: Certificate, name: PeerName, at address: Address?, resting: [PeerName] = []
    ) -> Household {
        Household(parent: pin(certificate, name, address), isOurs: true, peers: [], resting: resting)
    }

    /// The household of `certificate`, whose worker this node is.
    ///
    /// - Parameter identityFolder: the parent's: its peers are taken from the trust book there. Blocks on the disk.
    /// - Throws: what ``TrustBook`` would.
    public static func of(
        _ certificate: Certificate, name: PeerName, at address: Address?, identityFolder: String
    ) throws(KithError) -> Household {
        let book = try TrustFile(path: identityFolder + "/trust.json").read()
        return Household(
            parent: pin(certificate, name, address), isOurs: false,
            peers: book.pins.values.filter { $0.state == .active })
    }

    private static func pin(_ certificate: Certificate, _ name: PeerName, _ address: Address?) -> PinnedPeer {
        PinnedPeer(
            id: certificate.id, name: name, certificate: certificate, grants: GrantPreset.mine.grants,
            addresses: address.map { [$0] } ?? [], addedAt: .distantPast, state: .active)
    }
}
