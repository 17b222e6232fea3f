import KithAPI

/// A line of the daemon's own log, for programs: `2026-01-31T12:00:00Z info listening address=0.0.0.0:5484`.
struct DaemonLogLine: Codable, Equatable {
    /// When, and how grave; nil in what the daemon said when it could not start.
    var time: String?
    var level: String?
    /// All the rest of the line.
    var message: String

    private static let levels: Set<Substring> = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    init(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[0].hasSuffix("Z"), Self.levels.contains(words[1]) else {
            message = line
            return
        }
        (time, level, message) = (String(words[0]), String(words[1]), String(words[2]))
    }
}
