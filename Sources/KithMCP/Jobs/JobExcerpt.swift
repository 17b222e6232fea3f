import FoundationEssentials
import KithAPI

/// Output of a job that fits into a model: all of it, or its head and tail.
struct JobExcerpt: Equatable {
    /// Bytes kept from the beginning, and from the end, of what is too long.
    static let head = 40_000
    static let tail = 20_000

    /// The bytes of one stream.
    struct Stream: Equatable {
        var bytes: [UInt8] = []

        /// As JSON carries it: text, or base 64 of what is not UTF-8.
        var written: (String, CommandResult.Encoding) {
            if let text = String(validating: bytes, as: UTF8.self) { return (text, .utf8) }
            return (Data(bytes).base64EncodedString(), .base64)
        }
    }

    var stdout = Stream()
    var stderr = Stream()
    /// What stands between head and tail.
    var hole: Range<Int>?
    /// Where to read on.
    var cursor = 0

    /// Everything, or head and tail.
    static func read(_ job: Job, at place: Place, _ errand: Errand) async throws -> JobExcerpt {
        let whole = head + tail
        var excerpt = JobExcerpt()
        guard job.outputBytes > whole else {
            try await excerpt.take(job, from: 0, until: whole, at: place, errand)
            return excerpt
        }
        try await excerpt.take(job, from: 0, until: head, at: place, errand)
        let hole = excerpt.cursor..<max(excerpt.cursor, job.outputBytes - tail)
        excerpt.mark(hole)
        try await excerpt.take(job, from: hole.upperBound, until: job.outputBytes, at: place, errand)
        excerpt.hole = hole
        return excerpt
    }

    /// One piece from `cursor` on.
    static func read(_ job: JobID, from cursor: Int, at place: Place, _ errand: Errand) async throws -> JobExcerpt {
        var excerpt = JobExcerpt()
        excerpt.add(
            try await errand.ask(
                ReadJobOutput(jobID: job, cursor: cursor, limit: Excerpt.limit), at: place))
        return excerpt
    }

    private mutating func take(_ job: Job, from start: Int, until end: Int, at place: Place, _ errand: Errand)
        async throws
    {
        cursor = start
        while cursor < min(end, job.outputBytes) {
            let before = cursor
            let output = try await errand.ask(
                ReadJobOutput(jobID: job.jobID, cursor: cursor, limit: end - cursor), at: place)
            add(output)
            guard cursor > before, !output.isComplete else { return }
        }
    }

    mutating func add(_ output: JobOutput) {
        for piece in output.pieces { add(piece) }
        cursor = max(0, output.cursor)
    }

    private mutating func add(_ piece: JobEvent) {
        // A peer may say that a gap ends before it begins.
        guard piece.kind != .gap else { return mark(max(0, piece.at)..<max(0, piece.at, piece.next)) }
        guard let text = piece.text else { return }
        let bytes = piece.encoding == .base64 ? [UInt8](Data(base64Encoded: text) ?? Data()) : Array(text.utf8)
        if piece.kind == .stderr { stderr.bytes += bytes } else { stdout.bytes += bytes }
    }

    /// Says in the stream itself that something is missing.
    private mutating func mark(_ gap: Range<Int>) {
        let words = Array("\n[… \(gap.count) bytes left out …]\n".utf8)
        if stdout.bytes.isEmpty, !stderr.bytes.isEmpty { stderr.bytes += words } else { stdout.bytes += words }
    }
}
