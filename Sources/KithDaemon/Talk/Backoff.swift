/// How long to wait before a peer is tried again: 1, 2, 4 … seconds, at most five minutes. Pure.
struct Backoff: Equatable {
    /// What can happen.
    enum Event {
        case failed
        /// The peer asks for so many seconds of silence.
        case told(seconds: Int)
        case succeeded
    }

    private(set) var failures = 0

    /// The pause that an event asks for; nil for none. `jitter` (0 to 1) spreads those who failed together.
    mutating func receive(_ event: Event, jitter: Double) -> Duration? {
        switch event {
        case .succeeded:
            failures = 0
            return nil
        case .told(let seconds):
            return .seconds(min(max(seconds, 1), 300)) + .milliseconds(Int64(jitter * 250))
        case .failed:
            failures += 1
            let seconds = Double(min(1 << min(failures - 1, 9), 300))
            return Duration(seconds: seconds * (0.75 + jitter / 2))
        }
    }
}
