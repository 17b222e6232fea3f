import KithAPI
import Synchronization

/// How many transfers run at once.
///
/// A reference type because they are counted together.
final class Slots: Sendable {
    private let free: Mutex<Int>

    init(count: Int) { free = Mutex(count) }

    /// Runs `body` in a slot; throws `limited` at once if none is free.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        let isTaken = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        guard isTaken else {
            throw KithError(.limited, "Too many transfers run on this machine.", hint: "Try again when one has ended.")
        }
        defer { free.withLock { $0 += 1 } }
        return try await body()
    }
}
