import Foundation
import Logging

extension Logger {
    /// The daemon's own log: one event per line on standard error, with its fields.
    static func kith(_ level: Configuration.LogLevel) -> Logger {
        var logger = Logger(label: "kithd") { _ in LineLog() }
        logger.logLevel = Logger.Level(rawValue: level.rawValue) ?? .info
        return logger
    }
}

/// Writes `2026-01-31T12:00:00Z info message key=value …` to standard error.
private struct LineLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let pairs = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(Date().formatted(.iso8601)) \(event.level) \(event.message)\(pairs)"
        FileHandle.standardError.write(Data((line.filter { $0 != "\n" } + "\n").utf8))
    }
}
