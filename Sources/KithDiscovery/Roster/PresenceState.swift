public import KithAPI

/// Whether a node can be reached. Online means that an authenticated answer came, and nothing else does.
public enum PresenceState: Sendable, Hashable {
    /// It announces itself, and we have not paired with it; nothing about it is proven.
    case unpaired
    /// We have begun to ask and know nothing yet.
    case connecting
    /// It answered here. `latency` is that of the last probe, nil if only a request was answered.
    case online(at: Address, since: ContinuousClock.Instant, latency: Duration?)
    /// It does not answer. `isRefused`: somebody was there, with another key or without knowing us.
    case offline(since: ContinuousClock.Instant, isRefused: Bool)

    /// Where it is online, or nil.
    public var onlineAddress: Address? {
        if case .online(let address, _, _) = self { address } else { nil }
    }

    /// Whether an authenticated answer came a moment ago.
    public var isOnline: Bool { onlineAddress != nil }

    /// The same but for the latency, which changes with every probe and is no news.
    func tells(theSameAs other: PresenceState) -> Bool {
        guard case .online(let address, let since, _) = self, case .online(address, since, _) = other else {
            return self == other
        }
        return true
    }
}
