public import KithAPI

/// What a ``Discovery`` tells.
public enum DiscoveryEvent: Sendable, Equatable {
    /// How many events wait for a slow consumer; when there are more, the oldest are dropped.
    public static let bufferLimit = 4_096

    /// Searching and announcing work.
    case available
    /// They do not, for now; it goes on trying. The error says why, and what a person could do.
    case unavailable(KithError)
    /// A node announces itself, or what it announces has changed.
    case found(Sighting)
    /// An advert is gone: the node said goodbye, or nobody hears it any more.
    case lost(Sighting.Key)
}
