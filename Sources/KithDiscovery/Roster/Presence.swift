public import KithAPI

/// What the ``Roster`` knows about one node.
public struct Presence: Sendable, Hashable {
    /// Who it is; for an unpaired node, who it claims to be.
    public let id: PeerID
    /// What we call it; for an unpaired node, what it calls itself.
    public let name: PeerName
    /// Whether it can be reached.
    public let state: PresenceState
    /// When an authenticated answer last came, since this daemon runs.
    public let lastSeen: ContinuousClock.Instant?
    /// Where we would dial it, the best first; at most ``RosterPolicy/candidateLimit``.
    public let addresses: [Address]
    /// What it announces now, unproven; the newest if it does so on several interfaces.
    public let advert: Advert?

    /// Whether we paired with it.
    public var isPaired: Bool { state != .unpaired }
}

/// News from the ``Roster``.
public enum RosterChange: Sendable, Hashable {
    /// A node is new, or something about it has changed.
    case changed(Presence)
    /// A node is gone: no longer paired, or not paired and no longer announced.
    case gone(PeerID)
}
