import FoundationEssentials
import KithAPI

/// The beginning of a stream, and how long the whole was. Pure.
struct KeptOutput: Sendable {
    private let limit: Int
    private var bytes: [UInt8] = []
    /// Bytes in all.
    private(set) var total = 0

    /// Keeps at most `limit` bytes.
    init(limit: Int) { self.limit = limit }

    /// Whether there was more than is kept.
    var isTruncated: Bool { total > limit }

    mutating func append(_ piece: [UInt8]) {
        total += piece.count
        bytes.append(contentsOf: piece.prefix(limit - bytes.count))
    }

    /// Counts bytes that were written and not kept by anyone.
    mutating func skip(_ count: Int) { total += count }

    /// What was kept: as it is if it is UTF-8, never cut inside a character; in base 64 if not.
    var written: (text: String, encoding: CommandResult.Encoding, bytes: Int) {
        let whole = isTruncated ? bytes.prefix(bytes.count - Characters.brokenTail(of: bytes)) : bytes[...]
        if let text = String(validating: whole, as: UTF8.self) { return (text, .utf8, total) }
        return (Data(bytes).base64EncodedString(), .base64, total)
    }
}
