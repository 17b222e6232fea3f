/// How long a worker that ended by itself rests before it is started again: half a second, doubled each time, at most
/// a minute; one that ran for a minute begins anew. Pure.
struct RestartPauses: Sendable, Equatable {
    static let first = Duration.milliseconds(500)
    static let longest = Duration.seconds(60)

    private(set) var failures = 0

    /// It has ended after running for so long. `jitter`, 0 to 1, spreads those that ended together.
    mutating func ended(after ran: Duration, jitter: Double) -> Duration {
        if ran >= Self.longest { failures = 0 }
        let pause = min(Self.first * (1 << min(failures, 10)), Self.longest)
        failures += 1
        return pause * (0.75 + jitter / 2)
    }
}
