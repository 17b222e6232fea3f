/// Runs a command and streams it. The person's form of ``RunCommand``.
///
/// Frames to the command: `data` is standard input, `end` closes it, `event` is a ``CommandWord``.
/// Frames from it: `event` ``CommandNews`` (the first says the job's id), `data` is standard output,
/// `extra` standard error, `end` a ``CommandEnd``.
/// When the asking side hangs up, the whole process group is ended. When only its link is lost, the job
/// waits for it to come back with ``AttachJob`` for a minute.
public struct StreamCommand: Pipe, Fenced {
    /// The program and its arguments, passed as they are; no shell reads them.
    public var command: [String]?
    /// Instead of `command`: a line for `/bin/sh -c`.
    public var shell: String?
    /// The folder to run in; the home folder unless given. Relative to the home folder.
    public var folder: String?
    /// Variables added to the owner's login environment.
    public var environment: [String: String]?
    /// End the whole process group after this long; no limit unless given, at most a day.
    public var timeoutSeconds: Double?
    /// Run it in a terminal of this size: both outputs are one then.
    public var terminal: TerminalSize?
    /// Only while nobody has claimed this task later; needs `token`.
    public var task: TaskID?
    /// The token of the claim on `task`.
    public var token: Int?

    /// A request to stream `command`.
    public init(
        command: [String]? = nil, shell: String? = nil, folder: String? = nil, environment: [String: String]? = nil,
        timeoutSeconds: Double? = nil, terminal: TerminalSize? = nil
    ) {
        self.command = command
        self.shell = shell
        self.folder = folder
        self.environment = environment
        self.timeoutSeconds = timeoutSeconds
        self.terminal = terminal
    }

    public typealias End = CommandEnd
    public static var name: String { "exec.stream" }
    public static var summary: String { "Run a command and stream its input and output." }
    public static var grant: Grant { .exec }
    public static var parameters: [Parameter] {
        [
            Parameter("command", \Self.command, "The program and its arguments; no shell reads them."),
            Parameter("shell", \Self.shell, "Instead of `command`: a line for `/bin/sh -c`."),
            Parameter("folder", \Self.folder, "The folder to run in; the home folder unless given."),
            Parameter("environment", \Self.environment, "Variables added to the owner's login environment."),
            Parameter("timeoutSeconds", \Self.timeoutSeconds, "End it after this long; no limit unless given."),
            Parameter("terminal", \Self.terminal, "Run it in a terminal of this size."),
        ] + fence
    }
    public var object: String? { shell ?? command?.joined(separator: " ") }
    public static var example: StreamCommand { StreamCommand(command: ["make", "-j2"], folder: "code/app") }
}

/// A signal for the whole process group of a running command.
public struct CommandSignal: Described, Equatable {
    /// The signals that may be passed on.
    public enum Name: String, ParameterChoice {
        case interrupt = "INT", terminate = "TERM", hangUp = "HUP", quit = "QUIT", kill = "KILL"
    }

    /// Which one.
    public var signal: Name

    /// A signal to pass on.
    public init(_ signal: Name) { self.signal = signal }

    public static var parameters: [Parameter] { [Parameter("signal", \Self.signal, "Which signal.")] }
}

/// How a command ended.
public struct CommandEnd: Described, Equatable {
    /// The job that ran.
    public var jobID: JobID
    /// The exit code; 124 after a timeout, 128 + N after signal N.
    public var exitCode: Int
    /// The signal that ended it, for example `TERM`.
    public var signal: String?
    /// Whether its time was up.
    public var timedOut: Bool
    /// How long it ran, in milliseconds.
    public var duration: Int
    /// The sandbox that it ran in; nil for none.
    public var sandbox: SandboxProfile?

    /// An end from its parts.
    public init(
        jobID: JobID, exitCode: Int, signal: String? = nil, timedOut: Bool = false, duration: Int,
        sandbox: SandboxProfile? = nil
    ) {
        self.jobID = jobID
        self.exitCode = exitCode
        self.signal = signal
        self.timedOut = timedOut
        self.duration = duration
        self.sandbox = sandbox
    }

    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "The job that ran."),
            Parameter("exitCode", \Self.exitCode, "The exit code; 124 after a timeout, 128 + N after signal N."),
            Parameter("signal", \Self.signal, "The signal that ended it."),
            Parameter("timedOut", \Self.timedOut, "Whether its time was up."),
            Parameter("duration", \Self.duration, "Milliseconds it ran."),
            Parameter("sandbox", \Self.sandbox, "The sandbox that it ran in."),
        ]
    }
}
