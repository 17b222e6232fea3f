import KithAPI
import Synchronization

/// Notices that a transfer stands still, so that it does not keep its slot for ever: whoever is at work says so once a
/// minute with an empty frame, however long the disk takes.
///
/// A reference type because both directions of a pipe feed it.
final class Pulse: Sendable {
    /// How long a side may be silent, and how often one that works says so.
    struct Limits: Sendable {
        var silence = Duration.seconds(300)
        var beat = Duration.seconds(60)
    }

    private let limits: Limits
    private let last = Mutex(ContinuousClock.now)

    private init(_ limits: Limits) { self.limits = limits }

    /// Runs `body` with `duplex`; without limits it may stand still.
    ///
    /// - Parameter beats: whether the other side understands an empty `extra` frame.
    /// - Throws: ``KithError`` `timed_out` when nothing came and nothing was taken for the longest silence.
    static func watching<Value: Sendable>(
        _ duplex: Duplex, _ limits: Limits?, beats: Bool = true,
        _ body: @escaping @Sendable (Duplex) async throws -> Value
    ) async throws -> Value {
        guard let limits else { return try await body(duplex) }
        let pulse = Pulse(limits)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body(pulse.felt(in: duplex)) }
            group.addTask {
                try await pulse.watch()
                return nil
            }
            group.addTask {
                if beats { try await pulse.beat(over: duplex) }
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let finished { return finished }
            }
            throw CancellationError()
        }
    }

    /// `duplex`, whose frames are noticed.
    private func felt(in duplex: Duplex) -> Duplex {
        Duplex(
            receive: {
                let frame = try await duplex.receive()
                self.note()
                return frame
            },
            send: {
                try await duplex.send($0)
                self.note()
            })
    }

    private func note() { last.withLock { $0 = .now } }

    private func watch() async throws {
        while true {
            let end = last.withLock { $0 } + limits.silence
            guard end > .now else { throw standstill }
            try await Task.sleep(until: end, clock: .continuous)
        }
    }

    private var standstill: KithError {
        KithError(
            .timedOut, "Nothing moved in this transfer for \(limits.silence / .seconds(1)) s.",
            hint: "Start it again: what has arrived is kept.")
    }

    /// Says that we are here, which does not count as movement on this side. It may come between the frames of the
    /// others: pipes take whole frames. One that is gone is the others' business.
    private func beat(over duplex: Duplex) async throws {
        repeat { try await Task.sleep(for: limits.beat) } while (try? await duplex.send(Frame(.extra))) != nil
    }
}
