/// What became of an authenticated ping.
public enum ProbeResult: Sendable, Hashable {
    /// The peer answered with its key, and takes us for a peer.
    case answered
    /// Somebody is there, but with another key, or does not take us for a peer (any more).
    case refused
    /// Nobody answered in time.
    case unreachable
}
