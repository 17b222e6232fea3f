/// Reads a piece of a job's output from a cursor: bounded, and at once.
public struct ReadJobOutput: Call {
    /// The job.
    public var jobID: JobID
    /// From which byte of the output; the beginning unless given. Below 0: that many before the end.
    public var cursor: Int?
    /// How many bytes at most; 64 KiB unless given, at most 1 MiB.
    public var limit: Int?

    /// A request for output from `cursor`.
    public init(jobID: JobID, cursor: Int? = nil, limit: Int? = nil) {
        self.jobID = jobID
        self.cursor = cursor
        self.limit = limit
    }

    public typealias Reply = JobOutput
    public static var name: String { "job.output" }
    public static var summary: String { "Read a piece of a job's output from a cursor." }
    public static var grant: Grant { .exec }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job."),
            Parameter("cursor", \Self.cursor, "From which byte; below 0: that many before the end."),
            Parameter("limit", \Self.limit, "How many bytes at most; 64 KiB unless given."),
        ]
    }
    public var object: String? { jobID.text }
    public static var example: ReadJobOutput { ReadJobOutput(jobID: .example, cursor: 0, limit: 4096) }
}

/// A piece of a job's output.
public struct JobOutput: Described, Equatable {
    /// What was written, in order; a gap stands as a piece of its own.
    public var pieces: [JobEvent]
    /// Where the next piece begins.
    public var cursor: Int
    /// Whether the job has ended and nothing follows `cursor`.
    public var isComplete: Bool

    /// A piece from its parts.
    public init(pieces: [JobEvent], cursor: Int, isComplete: Bool) {
        self.pieces = pieces
        self.cursor = cursor
        self.isComplete = isComplete
    }

    public static var parameters: [Parameter] {
        [
            Parameter("pieces", \Self.pieces, "What was written, in order."),
            Parameter("cursor", \Self.cursor, "Where the next piece begins."),
            Parameter("isComplete", \Self.isComplete, "Whether the job has ended and nothing follows."),
        ]
    }
}

/// Follows a job's output from a cursor to its end, as lines of JSON. Any number of clients may; a slow
/// one delays nobody.
public struct FollowJob: Feed {
    /// The job.
    public var jobID: JobID
    /// From which byte; the beginning unless given. Below 0: that many before the end.
    public var cursor: Int?
    /// Whether to stop at what is there now.
    public var stopsAtEnd: Bool?

    /// A request to follow `jobID`.
    public init(jobID: JobID, cursor: Int? = nil, stopsAtEnd: Bool? = nil) {
        self.jobID = jobID
        self.cursor = cursor
        self.stopsAtEnd = stopsAtEnd
    }

    public typealias Element = JobEvent
    public static var name: String { "job.follow" }
    public static var summary: String { "Follow a job's output from a cursor to its end." }
    public static var grant: Grant { .exec }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job."),
            Parameter("cursor", \Self.cursor, "From which byte; below 0: that many before the end."),
            Parameter("stopsAtEnd", \Self.stopsAtEnd, "Whether to stop at what is there now."),
        ]
    }
    public var object: String? { jobID.text }
    public static var example: FollowJob { FollowJob(jobID: .example, cursor: 0) }
}

/// One thing that a job's output holds: bytes of a stream, a gap, or the end.
public struct JobEvent: Described, Equatable {
    /// What it is.
    public enum Kind: String, ParameterChoice {
        case stdout, stderr
        /// Bytes `at` to `next` were written and are no longer kept.
        case gap
        /// The job has ended; the last event.
        case end
    }

    /// What it is.
    public var kind: Kind
    /// The cursor at which it stands.
    public var at: Int
    /// The cursor after it: what to ask for next.
    public var next: Int
    /// The bytes, for a stream.
    public var text: String?
    /// How `text` is written.
    public var encoding: CommandResult.Encoding?
    /// How the job ended.
    public var end: CommandEnd?

    /// An event from its parts.
    public init(
        _ kind: Kind, at: Int, next: Int, text: String? = nil, encoding: CommandResult.Encoding? = nil,
        end: CommandEnd? = nil
    ) {
        self.kind = kind
        self.at = at
        self.next = next
        self.text = text
        self.encoding = encoding
        self.end = end
    }

    public static var parameters: [Parameter] {
        [
            Parameter("kind", \Self.kind, "Bytes of a stream, a gap, or the end."),
            Parameter("at", \Self.at, "The cursor at which it stands."),
            Parameter("next", \Self.next, "The cursor after it."),
            Parameter("text", \Self.text, "The bytes, for a stream."),
            Parameter("encoding", \Self.encoding, "How `text` is written."),
            Parameter("end", \Self.end, "How the job ended."),
        ]
    }
}
