import FoundationEssentials

/// Decides when news of progress is due: at most ten times a second. Pure.
struct ProgressMeter {
    private var last: Date?

    /// Whether to say something `now`; then it counts as said. A clock that was set back does not silence it.
    mutating func isDue(at now: Date) -> Bool {
        if let last, abs(now.timeIntervalSince(last)) < 0.1 { return false }
        last = now
        return true
    }
}
