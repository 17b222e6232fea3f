import KithAPI
import Synchronization

/// Tells the followers of the log that it has grown; what has come they read themselves.
final class AuditBells: Sendable {
    /// How many may follow at a time.
    static let maximum = 64

    private struct State {
        var bells: [Int: AsyncStream<Void>.Continuation] = [:]
        var next = 0
        var isOver = false
    }

    private let state = Mutex(State())

    /// A bell that rings at least once after each growth, until its stream is let go.
    func hang() throws(KithError) -> AsyncStream<Void> {
        let (stream, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        guard let number = add(bell) else {
            throw KithError(
                .limited, "\(Self.maximum) readers follow the audit log already.", hint: "End one of them first.")
        }
        bell.onTermination = { [weak self] _ in self?.remove(number) }
        return stream
    }

    func ring() {
        for bell in state.withLock({ Array($0.bells.values) }) { bell.yield() }
    }

    /// Lets every follower come to its end.
    func finish() {
        let bells = state.withLock { state in
            state.isOver = true
            return Array(state.bells.values)
        }
        for bell in bells { bell.finish() }
    }

    var count: Int { state.withLock(\.bells.count) }

    private func add(_ bell: AsyncStream<Void>.Continuation) -> Int? {
        state.withLock { state in
            guard state.bells.count < Self.maximum else { return nil }
            if state.isOver { bell.finish() }
            state.next += 1
            state.bells[state.next] = bell
            return state.next
        }
    }

    private func remove(_ number: Int) {
        state.withLock { _ = $0.bells.removeValue(forKey: number) }
    }
}
