/// Runs a command to its end and answers with what it printed, bounded. The tool's form; see
/// ``StreamCommand`` for the person's. A non-zero exit is a successful answer that carries the code.
public struct RunCommand: Call, Fenced {
    /// The program and its arguments, passed as they are; no shell reads them.
    public var command: [String]?
    /// Instead of `command`: a line for `/bin/sh -c`.
    public var shell: String?
    /// The folder to run in; the home folder unless given. Relative to the home folder.
    public var folder: String?
    /// Variables added to the owner's login environment.
    public var environment: [String: String]?
    /// What the command reads; closed at once unless given.
    public var stdin: String?
    /// End the whole process group after this long; 300 s unless given, at most a day.
    public var timeoutSeconds: Double?
    /// Keep at most this many bytes of each stream; 256 KiB unless given, at most 4 MiB.
    public var outputLimit: Int?
    /// Only while nobody has claimed this task later; needs `token`.
    public var task: TaskID?
    /// The token of the claim on `task`.
    public var token: Int?

    /// A request to run `command`.
    public init(
        command: [String]? = nil, shell: String? = nil, folder: String? = nil, environment: [String: String]? = nil,
        stdin: String? = nil, timeoutSeconds: Double? = nil, outputLimit: Int? = nil
    ) {
        self.command = command
        self.shell = shell
        self.folder = folder
        self.environment = environment
        self.stdin = stdin
        self.timeoutSeconds = timeoutSeconds
        self.outputLimit = outputLimit
    }

    public typealias Reply = CommandResult
    public static var name: String { "exec.run" }
    public static var summary: String { "Run a command to its end and answer with its output, bounded." }
    public static var grant: Grant { .exec }
    public static var parameters: [Parameter] {
        [
            Parameter("command", \Self.command, "The program and its arguments; no shell reads them."),
            Parameter("shell", \Self.shell, "Instead of `command`: a line for `/bin/sh -c`."),
            Parameter("folder", \Self.folder, "The folder to run in; the home folder unless given."),
            Parameter("environment", \Self.environment, "Variables added to the owner's login environment."),
            Parameter("stdin", \Self.stdin, "What the command reads; closed at once unless given."),
            Parameter("timeoutSeconds", \Self.timeoutSeconds, "End it after this long; 300 s unless given."),
            Parameter(
                "outputLimit", \Self.outputLimit, "Keep at most this many bytes of each stream; 256 KiB unless given."),
        ] + fence
    }
    public var object: String? { shell ?? command?.joined(separator: " ") }
    public static var example: RunCommand {
        RunCommand(command: ["swift", "test"], folder: "code/app", timeoutSeconds: 600)
    }
}
