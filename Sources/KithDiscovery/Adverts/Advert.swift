public import KithAPI

/// What a node says about itself on the network, to everybody, unproven.
public struct Advert: Hashable, Sendable {
    /// The protocol versions that can be announced.
    public static let protocolVersions = 1...9_999

    /// What the node calls itself.
    public let name: PeerName
    /// Who it claims to be.
    public let id: PeerID
    /// The TCP port of its peer door, 1–65535.
    public let port: Int
    /// The protocol versions it speaks, within ``protocolVersions``.
    public let protocols: ClosedRange<Int>
    /// Whether its pairing window is open.
    public let isPairing: Bool

    /// An advert; nil if the port or the versions cannot be announced.
    public init?(name: PeerName, id: PeerID, port: Int, protocols: ClosedRange<Int>, isPairing: Bool = false) {
        guard (1...65_535).contains(port), Self.protocolVersions.contains(protocols.lowerBound),
            Self.protocolVersions.contains(protocols.upperBound)
        else { return nil }
        self.name = name
        self.id = id
        self.port = port
        self.protocols = protocols
        self.isPairing = isPairing
    }
}
