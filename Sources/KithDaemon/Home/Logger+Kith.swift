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

/// Writes `2026-01-31T12:00:00Z info message key=value key="two words" …`. What others chose, such as a name or the
/// text of an error, can neither end a line, nor look like another field, nor drive a terminal.
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
        let pairs = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\("\($0.value)".asField)" }.joined()
        file.write("\(Date().formatted(.iso8601)) \(event.level) \("\(event.message)".visible)\(pairs)\n")
    }
}

extension String {
    /// The text with all that is no plain letter, mark or sign made visible.
    fileprivate var visible: String {
        guard unicodeScalars.contains(where: { !$0.isPlain }) else { return self }
        return unicodeScalars.map { $0.isPlain ? String($0) : "\\u{\(String($0.value, radix: 16))}" }.joined()
    }

    /// As ``visible``, in quotes where it could be taken for more than one field; at most 1,024 letters.
    fileprivate var asField: String {
        let text = String(prefix(1_024)).visible
        guard text.isEmpty || text.contains(where: { " =\"\\".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\\\"") + "\""
    }
}

extension Unicode.Scalar {
    fileprivate var isPlain: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
