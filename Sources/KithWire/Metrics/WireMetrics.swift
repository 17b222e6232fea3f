public import CoreMetrics
import KithAPI
import Synchronization

/// What the doors and the dispatcher count: questions, errors, how long answers take, bytes.
public final class WireMetrics: Sendable {
    /// What is counted of one capability.
    struct Meter: Sendable {
        let calls: Counter
        let duration: CoreMetrics.Timer
    }

    /// Between whom bytes go.
    enum Side: String, CaseIterable {
        /// The owner's programs and this node.
        case local
        /// Peers that ask, and this node.
        case peer
        /// This node, and peers that it asks.
        case outgoing
    }

    private let factory: any MetricsFactory
    private let meters = Mutex<[String: Meter]>([:])
    private let bytes: [Side: (received: Counter, sent: Counter)]

    /// Counts with what `factory` makes.
    public init(_ factory: any MetricsFactory) {
        self.factory = factory
        let sides = Side.allCases.map { side in
            let door = [("door", side.rawValue)]
            let received = Counter(label: "kith_received_bytes_total", dimensions: door, factory: factory)
            return (side, (received, Counter(label: "kith_sent_bytes_total", dimensions: door, factory: factory)))
        }
        bytes = Dictionary(sides) { first, _ in first }
    }

    /// That an answer is over; `failure` says how, if it is not one.
    func answered(_ capability: String, in duration: Duration, _ failure: ErrorCode?) {
        let meter = meter(of: capability)
        meter.calls.increment()
        meter.duration.recordNanoseconds(Int64(duration / .nanoseconds(1)))
        if let failure { failed(capability, failure) }
    }

    /// That a question was turned away, or failed. `capability` is of the catalogue, or `unknown`.
    func failed(_ capability: String, _ code: ErrorCode) {
        let dimensions = [("capability", capability), ("code", code.rawValue)]
        Counter(label: "kith_errors_total", dimensions: dimensions, factory: factory).increment()
    }

    /// A handler that counts what passes; nil where nobody counts.
    func byteMeter(_ side: Side) -> ByteMeter? {
        bytes[side].map { ByteMeter(received: $0.received, sent: $0.sent) }
    }

    private func meter(of capability: String) -> Meter {
        meters.withLock { meters in
            if let known = meters[capability] { return known }
            let dimensions = [("capability", capability)]
            let meter = Meter(
                calls: Counter(label: "kith_calls_total", dimensions: dimensions, factory: factory),
                duration: Timer(label: "kith_call_seconds", dimensions: dimensions, factory: factory))
            meters[capability] = meter
            return meter
        }
    }
}
