public import KithAPI

/// The claims that agents of this node hold, here and elsewhere, and when to renew them. Pure.
///
/// A lease counts from the moment of asking. It is renewed after a third of its time, tried again after a tenth,
/// and given up when its time is over without a good answer: somebody else may have the task then.
public struct HeldLeases: Sendable {
    /// What can happen to a claim.
    public enum Event: Sendable {
        /// It was granted to a question asked at this moment.
        case granted(TaskID, token: Int, seconds: Int, askedAt: ContinuousClock.Instant)
        /// The home has no more use for it: finished, released, or somebody else's.
        case ended(TaskID)
        /// The home could not be asked.
        case unreached(TaskID)
        /// Time has passed.
        case tick
    }

    /// What is to be done about it.
    public enum Action: Sendable, Equatable {
        /// Ask the home for more time.
        case renew(TaskID, token: Int)
        /// The time is over: the agent must stop.
        case lost(TaskID)
    }

    private struct Lease {
        var token: Int
        var length: Duration
        var end: ContinuousClock.Instant
        var next: ContinuousClock.Instant
    }

    private var leases: [TaskID: Lease] = [:]

    /// No claims yet.
    public init() {}

    /// The tasks that are held.
    public var tasks: [TaskID] { Array(leases.keys) }

    /// The token of a claim that still holds.
    public func token(of task: TaskID) -> Int? { leases[task]?.token }

    /// When something is next to be done; nil if nothing is held.
    public var wakeAt: ContinuousClock.Instant? { leases.values.map { min($0.next, $0.end) }.min() }

    /// Takes note of an event at `now`.
    public mutating func receive(_ event: Event, now: ContinuousClock.Instant) -> [Action] {
        switch event {
        case .granted(let task, let token, let seconds, let askedAt):
            let length = Duration.seconds(seconds)
            leases[task] = Lease(token: token, length: length, end: askedAt + length, next: askedAt + length / 3)
            return []
        case .ended(let task):
            leases[task] = nil
            return []
        case .unreached(let task):
            if let lease = leases[task] { leases[task]?.next = now + max(lease.length / 10, .milliseconds(500)) }
            return []
        case .tick:
            return tick(now)
        }
    }

    private mutating func tick(_ now: ContinuousClock.Instant) -> [Action] {
        var actions: [Action] = []
        for (task, lease) in leases {
            if lease.end <= now {
                leases[task] = nil
                actions.append(.lost(task))
            } else if lease.next <= now {
                // Until an answer comes; the latest that matters is the end.
                leases[task]?.next = lease.end
                actions.append(.renew(task, token: lease.token))
            }
        }
        return actions
    }
}
