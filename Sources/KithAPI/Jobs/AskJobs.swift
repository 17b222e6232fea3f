/// Lists jobs, the newest first. A peer sees those that it started, or all if it may run anything.
public struct ListJobs: Call {
    /// Only those that run.
    public var runningOnly: Bool?
    /// Only this kind.
    public var kind: Job.Kind?

    /// A request for the list.
    public init(runningOnly: Bool? = nil, kind: Job.Kind? = nil) {
        self.runningOnly = runningOnly
        self.kind = kind
    }

    public typealias Reply = JobList
    public static var name: String { "job.list" }
    public static var summary: String { "List the commands and terminals that run here, and those that ended lately." }
    public static var grant: Grant { .exec }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("runningOnly", \Self.runningOnly, "Only those that run."),
            Parameter("kind", \Self.kind, "Only this kind."),
        ]
    }
    public static var example: ListJobs { ListJobs(runningOnly: true) }
}

/// Shows one job.
public struct GetJob: Call {
    /// The job.
    public var jobID: JobID

    /// A request for `jobID`.
    public init(jobID: JobID) { self.jobID = jobID }

    public typealias Reply = Job
    public static var name: String { "job.get" }
    public static var summary: String { "Show one job." }
    public static var grant: Grant { .exec }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [Parameter("jobID", \Self.jobID, "The job.")] }
    public var object: String? { jobID.text }
    public static var example: GetJob { GetJob(jobID: .example) }
}

/// Waits until a job has ended, for a bounded time; the reply says `running` if it has not.
public struct WaitForJob: Call {
    /// The job.
    public var jobID: JobID
    /// How long to wait at most; 50 unless given, 0–50.
    public var seconds: Double?

    /// A request to wait for `jobID`.
    public init(jobID: JobID, seconds: Double? = nil) {
        self.jobID = jobID
        self.seconds = seconds
    }

    public typealias Reply = Job
    public static var name: String { "job.wait" }
    public static var summary: String { "Wait until a job has ended, for at most 50 seconds." }
    public static var grant: Grant { .exec }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job."),
            Parameter("seconds", \Self.seconds, "How long to wait at most; 50 unless given."),
        ]
    }
    public var object: String? { jobID.text }
    public static var example: WaitForJob { WaitForJob(jobID: .example, seconds: 20) }
}

/// Sends a signal to the process group of a job; without one, ends it: TERM, and KILL five seconds later.
public struct SignalJob: Call {
    /// The job.
    public var jobID: JobID
    /// Which signal; none means to end it for good.
    public var signal: CommandSignal.Name?

    /// A request to signal `jobID`.
    public init(jobID: JobID, signal: CommandSignal.Name? = nil) {
        self.jobID = jobID
        self.signal = signal
    }

    public typealias Reply = Job
    public static var name: String { "job.signal" }
    public static var summary: String { "Send a signal to a job, or end it." }
    public static var grant: Grant { .exec }
    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job."),
            Parameter("signal", \Self.signal, "Which signal; without one it is ended, by force after five seconds."),
        ]
    }
    public var object: String? { jobID.text }
    public static var example: SignalJob { SignalJob(jobID: .example, signal: .interrupt) }
}

/// Writes to what a job reads.
public struct WriteToJob: Call {
    /// The job.
    public var jobID: JobID
    /// What to write, at most 1 MiB.
    public var text: String?
    /// Whether nothing more comes after it.
    public var closesInput: Bool?

    /// A request to write `text`.
    public init(jobID: JobID, text: String? = nil, closesInput: Bool? = nil) {
        self.jobID = jobID
        self.text = text
        self.closesInput = closesInput
    }

    public typealias Reply = Job
    public static var name: String { "job.input" }
    public static var summary: String { "Write to what a job reads." }
    public static var grant: Grant { .exec }
    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job."),
            Parameter("text", \Self.text, "What to write, at most 1 MiB."),
            Parameter("closesInput", \Self.closesInput, "Whether nothing more comes after it."),
        ]
    }
    public var object: String? { jobID.text }
    public static var example: WriteToJob { WriteToJob(jobID: .example, text: "yes\n") }
}
