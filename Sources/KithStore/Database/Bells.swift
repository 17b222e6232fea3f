public import KithAPI
import Synchronization

/// Tells whoever waits that there is something new; what it is they read themselves. Nothing is lost between
/// hanging a bell and the first look, as long as the bell is hung first.
public final class Bells: Sendable {
    /// How many may wait at a time.
    public static let maximum = 1_024

    private struct State {
        var bells: [Int: (topic: String, bell: AsyncStream<Void>.Continuation)] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    init() {}

    /// A bell that rings at least once after each change of `topic`, until its stream is let go.
    ///
    /// - Throws: `limited` when 1,024 wait already.
    public func hang(on topic: String) throws(KithError) -> AsyncStream<Void> {
        let (stream, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        guard let number = add(topic, bell) else {
            throw KithError(.limited, "\(Self.maximum) readers wait already.", hint: "End one of them first.")
        }
        bell.onTermination = { [weak self] _ in self?.remove(number) }
        return stream
    }

    /// A bell that rings after each change of anything, see ``hang(on:)``.
    ///
    /// - Throws: `limited` when 1,024 wait already.
    public func hangOnAll() throws(KithError) -> AsyncStream<Void> { try hang(on: Self.everything) }

    /// Hears of every topic; no topic has this name.
    private static let everything = "*"

    /// Rings for `topic`.
    public func ring(_ topic: String) {
        let ringing = state.withLock { state in
            state.bells.values.filter { $0.topic == topic || $0.topic == Self.everything }.map(\.bell)
        }
        for bell in ringing { bell.yield() }
    }

    private func add(_ topic: String, _ bell: AsyncStream<Void>.Continuation) -> Int? {
        state.withLock { state in
            guard state.bells.count < Self.maximum else { return nil }
            state.next += 1
            state.bells[state.next] = (topic, bell)
            return state.next
        }
    }

    private func remove(_ number: Int) { state.withLock { _ = $0.bells.removeValue(forKey: number) } }
}
