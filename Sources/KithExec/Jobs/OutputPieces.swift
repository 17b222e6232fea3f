import FoundationEssentials
import KithAPI
import KithKeeper

/// Turns what a follower hears into events in JSON, no character cut in two. Pure.
///
/// The beginning of a character at the end of a piece waits for the next piece, so whoever comes back with `next` of
/// the last event misses nothing. Bytes that are not UTF-8 go out in base 64.
struct OutputPieces: Sendable {
    private struct Tail {
        var stream: Output.Stream
        var at: Int
        var bytes: [UInt8]
    }

    private let jobID: JobID
    private let sandbox: SandboxProfile
    private var tail: Tail?
    private var position: Int

    /// Events of this job, from a cursor on.
    init(jobID: JobID, sandbox: SandboxProfile, from position: Int = 0) {
        self.jobID = jobID
        self.sandbox = sandbox
        self.position = position
    }

    /// The events that `event` makes whole.
    mutating func receive(_ event: JobOutputEvent) -> [JobEvent] {
        switch event {
        case .output(let at, let output): return add(output, at)
        case .gap(let from, let to):
            position = to
            return flush() + [JobEvent(.gap, at: from, next: to)]
        case .end(let end):
            let end = CommandEnd(jobID: jobID, end, sandbox: sandbox)
            return flush() + [JobEvent(.end, at: position, next: position, end: end)]
        }
    }

    /// What still waits, as it is.
    mutating func flush() -> [JobEvent] {
        defer { tail = nil }
        return tail.map { [Self.event($0.stream, $0.at, $0.bytes)] } ?? []
    }

    private mutating func add(_ output: Output, _ at: Int) -> [JobEvent] {
        position = at + output.bytes.count
        var (start, bytes) = (at, output.bytes)
        var events: [JobEvent] = []
        if let tail, tail.stream == output.stream, tail.at + tail.bytes.count == at {
            (start, bytes) = (tail.at, tail.bytes + bytes)
            self.tail = nil
        } else {
            events = flush()
        }
        let broken = Characters.brokenTail(of: bytes)
        if broken > 0 {
            tail = Tail(stream: output.stream, at: start + bytes.count - broken, bytes: Array(bytes.suffix(broken)))
            bytes.removeLast(broken)
        }
        return bytes.isEmpty ? events : events + [Self.event(output.stream, start, bytes)]
    }

    private static func event(_ stream: Output.Stream, _ at: Int, _ bytes: [UInt8]) -> JobEvent {
        let text = String(validating: bytes, as: UTF8.self)
        return JobEvent(
            stream == .standardOutput ? .stdout : .stderr, at: at, next: at + bytes.count,
            text: text ?? Data(bytes).base64EncodedString(), encoding: text == nil ? .base64 : .utf8)
    }
}

/// Where characters end. Pure.
enum Characters {
    /// Bytes at the end that begin a character and do not end it; 0 to 3.
    static func brokenTail(of bytes: some BidirectionalCollection<UInt8>) -> Int {
        for (index, byte) in bytes.reversed().prefix(3).enumerated() {
            if byte & 0xC0 == 0x80 { continue }
            return length(after: byte) > index + 1 ? index + 1 : 0
        }
        return 0
    }

    /// How many bytes a character has that begins with this one; 1 for what begins none.
    private static func length(after byte: UInt8) -> Int {
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}
