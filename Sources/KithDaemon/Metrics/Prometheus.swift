import CoreMetrics
import Synchronization

/// Keeps what is counted, and says it in Prometheus' text format (version 0.0.4).
///
/// Durations become histograms in seconds. At most ``maximumSeries`` series; what comes beyond is counted nowhere.
final class Prometheus: MetricsFactory {
    /// Capabilities times error codes, and room.
    static let maximumSeries = 4_096

    /// One name with one set of labels.
    struct Series: Hashable {
        let name: String
        /// `{a="b"}`, or empty.
        let labels: String

        init(_ name: String, _ dimensions: [(String, String)]) {
            self.name = name
            let pairs = dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            labels = pairs.isEmpty ? "" : "{\(pairs)}"
        }

        private static func escaped(_ text: String) -> String {
            text.unicodeScalars.map { sign in
                switch sign {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(sign)
                }
            }.joined()
        }
    }

    private let series = Mutex<[Series: any Instrument]>([:])

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        instrument(label, dimensions) { CounterCell() } ?? NOOPMetricsHandler.instance
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        instrument(label, dimensions) { GaugeCell() } ?? NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        instrument(label, dimensions) { HistogramCell() } ?? NOOPMetricsHandler.instance
    }

    /// Not used here: nothing is counted in fractions.
    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        NOOPMetricsHandler.instance
    }

    /// Not used here: what is measured is a duration.
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    // What is counted lives as long as the daemon.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// All series, by name and labels, each name with its type and a sentence from `help`.
    func text(help: [String: String]) -> String {
        let all = series.withLock { Array($0) }.sorted { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }
        var text = ""
        var name = ""
        for (one, instrument) in all {
            if one.name != name {
                name = one.name
                if let sentence = help[name] { text += "# HELP \(name) \(sentence)\n" }
                text += "# TYPE \(name) \(instrument.type)\n"
            }
            text += instrument.lines(one)
        }
        return text
    }

    private func instrument<Cell: Instrument>(
        _ label: String, _ dimensions: [(String, String)], _ make: () -> Cell
    ) -> Cell? {
        series.withLock { all in
            let one = Series(label, dimensions)
            if let known = all[one] { return known as? Cell }
            guard all.count < Self.maximumSeries else { return nil }
            let cell = make()
            all[one] = cell
            return cell
        }
    }
}

/// One thing that is counted.
protocol Instrument: AnyObject, Sendable {
    /// `counter`, `gauge` or `histogram`.
    var type: String { get }

    /// Its lines, each with its end.
    func lines(_ series: Prometheus.Series) -> String
}
