/// Starts a command as a job that needs nobody: it runs on when the asking side goes away.
public struct StartCommand: Call, Fenced {
    /// The program and its arguments, passed as they are; no shell reads them.
    public var command: [String]?
    /// Instead of `command`: a line for `/bin/sh -c`.
    public var shell: String?
    /// The folder to run in; the home folder unless given. Relative to the home folder.
    public var folder: String?
    /// Variables added to the owner's login environment.
    public var environment: [String: String]?
    /// What the command reads. Unless given its input is closed, or stays open if `keepsInput`.
    public var stdin: String?
    /// Whether ``WriteToJob`` may write to it.
    public var keepsInput: Bool?
    /// End the whole process group after this long; no limit unless given, at most 30 days.
    public var timeoutSeconds: Double?
    /// Only while nobody has claimed this task later; needs `token`.
    public var task: TaskID?
    /// The token of the claim on `task`.
    public var token: Int?

    /// A request to start `command`.
    public init(
        command: [String]? = nil, shell: String? = nil, folder: String? = nil, environment: [String: String]? = nil,
        stdin: String? = nil, keepsInput: Bool? = nil, timeoutSeconds: Double? = nil
    ) {
        self.command = command
        self.shell = shell
        self.folder = folder
        self.environment = environment
        self.stdin = stdin
        self.keepsInput = keepsInput
        self.timeoutSeconds = timeoutSeconds
    }

    public typealias Reply = Job
    public static var name: String { "exec.start" }
    public static var summary: String { "Start a command as a job that runs on by itself." }
    public static var grant: Grant { .exec }
    public static var parameters: [Parameter] {
        [
            Parameter("command", \Self.command, "The program and its arguments; no shell reads them."),
            Parameter("shell", \Self.shell, "Instead of `command`: a line for `/bin/sh -c`."),
            Parameter("folder", \Self.folder, "The folder to run in; the home folder unless given."),
            Parameter("environment", \Self.environment, "Variables added to the owner's login environment."),
            Parameter("stdin", \Self.stdin, "What the command reads."),
            Parameter("keepsInput", \Self.keepsInput, "Whether more may be written to it later."),
            Parameter("timeoutSeconds", \Self.timeoutSeconds, "End it after this long; no limit unless given."),
        ] + fence
    }
    public var object: String? { shell ?? command?.joined(separator: " ") }
    public static var example: StartCommand { StartCommand(command: ["make", "-j2"], folder: "code/app") }
}
