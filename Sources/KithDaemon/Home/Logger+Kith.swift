import Foundation
import Logging
import Synchronization

extension Logger {
    /// The daemon's own log: one event per line, with its fields.
    static func kith(_ threshold: LogThreshold, to file: RotatingLog) -> Logger {
        Logger(label: "kithd") { _ in LineLog(threshold: threshold, file: file) }
    }
}

/// How much is logged; `kith reload` changes it for every logger at once.
public final class LogThreshold: Sendable {
    private let level: Mutex<Logger.Level>

    /// Logs from `level` upward.
    public init(_ level: Configuration.LogLevel = .info) { self.level = Mutex(Self.convert(level)) }

    var current: Logger.Level { level.withLock { $0 } }

    func set(_ level: Configuration.LogLevel) { self.level.withLock { $0 = Self.convert(level) } }

    private static func convert(_ level: Configuration.LogLevel) -> Logger.Level {
        Logger.Level(rawValue: level.rawValue) ?? .info
    }
}

/// Writes `2026-01-31T12:00:00Z info message key=value …`.
private struct LineLog: LogHandler {
    let threshold: LogThreshold
    let file: RotatingLog
    var metadata: Logger.Metadata = [:]
    /// Set apart only for what is to be quieter than the rest.
    private var own: Logger.Level?

    init(threshold: LogThreshold, file: RotatingLog) { (self.threshold, self.file) = (threshold, file) }

    var logLevel: Logger.Level {
        get { own ?? threshold.current }
        set { own = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let pairs = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(Date().formatted(.iso8601)) \(event.level) \(event.message)\(pairs)"
        file.write(line.filter { $0 != "\n" } + "\n")
    }
}
