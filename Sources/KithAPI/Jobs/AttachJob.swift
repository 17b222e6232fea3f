/// Joins a job as the client that started it would: its output from a cursor, its input, its signals.
///
/// Frames as in ``StreamCommand``. Hanging up leaves the job as it is.
public struct AttachJob: Pipe {
    /// The job.
    public var jobID: JobID
    /// From which byte of the output; the beginning unless given. Below 0: that many before the end.
    public var cursor: Int?
    /// Whether this is the client that started it, come back after its link was lost: hanging up ends the
    /// job again, as in ``StreamCommand``.
    public var resumes: Bool?

    /// A request to join `jobID`.
    public init(jobID: JobID, cursor: Int? = nil, resumes: Bool? = nil) {
        self.jobID = jobID
        self.cursor = cursor
        self.resumes = resumes
    }

    public typealias End = CommandEnd
    public static var name: String { "job.attach" }
    public static var summary: String { "Join a running job: its output, its input, its signals." }
    public static var grant: Grant { .exec }
    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job."),
            Parameter("cursor", \Self.cursor, "From which byte; below 0: that many before the end."),
            Parameter("resumes", \Self.resumes, "Whether the client that started it has come back."),
        ]
    }
    public var object: String? { jobID.text }
    public static var example: AttachJob { AttachJob(jobID: .example, cursor: 0) }
}

/// What the asking side says in the middle of a running command or terminal: one field each time.
public struct CommandWord: Described, Equatable {
    /// A signal for the whole process group.
    public var signal: CommandSignal.Name?
    /// The window has this size now; for terminals.
    public var size: TerminalSize?
    /// Leave the job running when this connection ends; answered by news with its id.
    public var detaches: Bool?

    /// Passes a signal on.
    public init(signal: CommandSignal.Name) { self.signal = signal }

    /// Says how large the window is.
    public init(size: TerminalSize) { self.size = size }

    /// Lets the job run on alone.
    public static var detach: CommandWord {
        var word = CommandWord(signal: .interrupt)
        (word.signal, word.detaches) = (nil, true)
        return word
    }

    public static var parameters: [Parameter] {
        [
            Parameter("signal", \Self.signal, "A signal for the whole process group."),
            Parameter("size", \Self.size, "The window has this size now."),
            Parameter("detaches", \Self.detaches, "Leave the job running when this connection ends."),
        ]
    }
}

/// What the answering side says in the middle of a running command or terminal.
public struct CommandNews: Described, Equatable {
    /// The first event, and the answer to detaching: which job this is.
    public var jobID: JobID?
    /// The request waits for its owner's approval, for at most this many seconds more.
    public var waitsForApproval: Int?
    /// Where in the output the next `data` or `extra` frame stands: after the opening, and after a gap.
    public var cursor: Int?
    /// Up to here output is no longer kept: a gap, from the cursor until now.
    public var gapEnd: Int?
    /// Bytes of input that have been taken since the job began; said at least every 256 KiB.
    public var inputTaken: Int?

    /// News from its parts.
    public init(
        jobID: JobID? = nil, waitsForApproval: Int? = nil, cursor: Int? = nil, gapEnd: Int? = nil,
        inputTaken: Int? = nil
    ) {
        self.jobID = jobID
        self.waitsForApproval = waitsForApproval
        self.cursor = cursor
        self.gapEnd = gapEnd
        self.inputTaken = inputTaken
    }

    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "Which job this is."),
            Parameter("waitsForApproval", \Self.waitsForApproval, "Seconds for which the owner is asked."),
            Parameter("cursor", \Self.cursor, "Where the next bytes stand in the output."),
            Parameter("gapEnd", \Self.gapEnd, "Up to here output is no longer kept."),
            Parameter("inputTaken", \Self.inputTaken, "Bytes of input that have been taken."),
        ]
    }
}
