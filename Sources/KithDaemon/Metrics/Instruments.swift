import CoreMetrics
import Synchronization

/// A sum that only grows.
final class CounterCell: CounterHandler, Instrument {
    private let sum = Atomic<Int64>(0)

    let type = "counter"

    func increment(by amount: Int64) { sum.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { sum.store(0, ordering: .relaxed) }

    func lines(_ series: Prometheus.Series) -> String {
        "\(series.name)\(series.labels) \(sum.load(ordering: .relaxed))\n"
    }
}

/// A value that goes up and down.
final class GaugeCell: MeterHandler, Instrument {
    private let value = Mutex(0.0)

    let type = "gauge"

    func set(_ value: Int64) { self.value.withLock { $0 = Double(value) } }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }

    func lines(_ series: Prometheus.Series) -> String {
        "\(series.name)\(series.labels) \(value.withLock { $0 }.plain)\n"
    }
}

/// How many durations were how long.
final class HistogramCell: TimerHandler, Instrument {
    /// The upper ends of the buckets in nanoseconds; the last one has none.
    private static let ends: [Int64] = [
        250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        500_000_000, 1_000_000_000, 5_000_000_000, 30_000_000_000, 300_000_000_000,
    ]

    private struct State {
        var counts = [Int](repeating: 0, count: ends.count + 1)
        var nanoseconds: Int64 = 0
    }

    private let state = Mutex(State())

    let type = "histogram"

    func recordNanoseconds(_ duration: Int64) {
        let bucket = Self.ends.firstIndex { duration <= $0 } ?? Self.ends.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.nanoseconds &+= duration
        }
    }

    func lines(_ series: Prometheus.Series) -> String {
        let state = state.withLock { $0 }
        var text = ""
        var sum = 0
        let labels = series.labels.isEmpty ? "" : series.labels.dropFirst().dropLast() + ","
        let words = Self.ends.map { (Double($0) / 1_000_000_000).plain } + ["+Inf"]
        for (word, count) in zip(words, state.counts) {
            sum += count
            text += "\(series.name)_bucket{\(labels)le=\"\(word)\"} \(sum)\n"
        }
        text += "\(series.name)_sum\(series.labels) \((Double(state.nanoseconds) / 1_000_000_000).plain)\n"
        return text + "\(series.name)_count\(series.labels) \(sum)\n"
    }
}

extension Double {
    /// `3` for 3.0, and else as short as can be.
    fileprivate var plain: String {
        if let whole = Int64(exactly: self) { return String(whole) }
        return "\(self)"
    }
}
