/// How eagerly the ``Roster`` asks. The standard turns an unplugged peer offline within 15 seconds.
public struct RosterPolicy: Sendable, Hashable {
    /// Wait after the first failure; doubles from there.
    public var firstRetry: Duration = .milliseconds(500)
    /// The longest wait while offline; there is no giving up.
    public var lastRetry: Duration = .seconds(30)
    /// How often an online peer is asked again.
    public var recheck: Duration = .seconds(5)
    /// How long one probe may take.
    public var probeTimeout: Duration = .seconds(3)
    /// Failures in a row that make an online peer offline. A goodbye and a failed request count as one.
    public var strikes = 2
    /// The shortest time between two wake-ups of the roster by its clock.
    public var wakeGap: Duration = .seconds(1)

    /// The standard policy; tests make it faster.
    public init() {}

    /// Addresses per peer that are tried.
    public static let candidateLimit = 8
    /// Probes per peer that events (not the clock) may start within a second.
    public static let burstLimit = 8
    /// Probes under way at the same time, over all peers; others wait.
    public static let probeLimit = 64
    /// Sightings that are remembered.
    public static let sightingLimit = 1_024
    /// Paired peers that are watched.
    public static let peerLimit = 1_024
    /// Changes that wait for a slow reader; the newest are kept.
    public static let changeLimit = 256

    var backoff: Backoff { Backoff(first: firstRetry, last: lastRetry) }
}
