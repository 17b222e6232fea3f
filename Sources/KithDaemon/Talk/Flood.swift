/// A bucket per sender: so many messages a minute, and as many at once. Pure.
struct Flood {
    private var left: Double
    private var filledAt: ContinuousClock.Instant

    /// A full bucket.
    init(perMinute: Int, now: ContinuousClock.Instant) {
        left = Double(perMinute)
        filledAt = now
    }

    /// How many of `count` may pass now; the seconds to wait for the next one if not all may.
    mutating func admit(_ count: Int, perMinute: Int, now: ContinuousClock.Instant) -> (admitted: Int, retryAfter: Int?)
    {
        let rate = Double(perMinute)
        left = min(rate, left + (now - filledAt) / .seconds(60) * rate)
        filledAt = now
        let admitted = min(count, Int(left))
        left -= Double(admitted)
        guard admitted < count else { return (admitted, nil) }
        let missing = min(Double(count - admitted), rate / 4) - left
        return (admitted, max(1, Int((missing * 60 / rate).rounded(.up))))
    }
}
