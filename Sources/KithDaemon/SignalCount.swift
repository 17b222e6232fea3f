import Synchronization

/// How often a signal has come.
final class SignalCount: Sendable {
    private let count = Mutex(0)

    /// Counts one more, and says the sum.
    func increment() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
