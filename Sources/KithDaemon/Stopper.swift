import Synchronization

/// How a request can ask the daemon that answers it to stop.
final class Stopper: Sendable {
    private let action = Mutex<(@Sendable () async -> Void)?>(nil)

    func onStop(_ action: @escaping @Sendable () async -> Void) {
        self.action.withLock { $0 = action }
    }

    /// Begins to stop; the answer to the request still gets out.
    func stop() {
        guard let action = action.withLock({ $0 }) else { return }
        // A task of its own, because the daemon waits for the request that asks.
        Task { await action() }
    }
}
