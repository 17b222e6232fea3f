public import KithAPI

/// When the claims that this node has granted run out, on a clock that only goes forward. Pure.
///
/// A lease lasts so many seconds from granting, plus a grace, so that the holder, which counts from asking, gives
/// up first. After a restart every claim gets its whole time again: that can delay others, never double a claim.
public struct LeaseClock: Sendable {
    /// How long the home waits beyond the lease.
    public static let grace = Duration.seconds(5)

    /// What can happen to a lease.
    public enum Event: Sendable {
        /// A claim was granted or renewed.
        case granted(TaskID, token: Int, seconds: Int)
        /// The task was finished, released or taken from its holder.
        case ended(TaskID)
        /// The task could not be taken from its holder yet: the disk is full, say.
        case unwritten(TaskID, token: Int)
        /// Time has passed.
        case tick
    }

    /// What is to be done about it.
    public enum Action: Sendable, Equatable {
        /// The lease is over: take the task from the holder of this token.
        case lapse(TaskID, token: Int)
    }

    private struct Lease {
        var token: Int
        var end: ContinuousClock.Instant
    }

    private var leases: [TaskID: Lease] = [:]

    /// A clock without leases.
    public init() {}

    /// When the first lease ends; nil if there is none.
    public var wakeAt: ContinuousClock.Instant? { leases.values.map(\.end).min() }

    /// Takes note of an event at `now`.
    public mutating func receive(_ event: Event, now: ContinuousClock.Instant) -> [Action] {
        switch event {
        case .granted(let task, let token, let seconds):
            guard leases[task].map({ $0.token <= token }) ?? true else { return [] }
            leases[task] = Lease(token: token, end: now + .seconds(seconds) + Self.grace)
            return []
        case .ended(let task):
            leases[task] = nil
            return []
        case .unwritten(let task, let token):
            if leases[task] == nil { leases[task] = Lease(token: token, end: now + Self.grace) }
            return []
        case .tick:
            let over = leases.filter { $0.value.end <= now }
            for task in over.keys { leases[task] = nil }
            return over.map { .lapse($0.key, token: $0.value.token) }
        }
    }
}
