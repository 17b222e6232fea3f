/// How long to wait between attempts: doubling from `first` to `last`, for ever.
struct Backoff: Sendable {
    let first: Duration
    let last: Duration

    /// The wait after so many failures (0 is the first).
    /// - Parameter jitter: 0 to 1; takes up to a quarter off, so that many do not knock at the same time.
    func delay(after failures: Int, jitter: Double = 0) -> Duration {
        let doubled = first * (1 << min(max(failures, 0), 20))
        return min(doubled, last) * (1 - 0.25 * min(max(jitter, 0), 1))
    }
}
