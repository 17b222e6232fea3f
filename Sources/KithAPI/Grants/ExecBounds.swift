/// Within what the commands run that a rule opens.
public struct ExecBounds: Described, Equatable {
    /// How they are fenced in; `none` unless given.
    public var sandbox: SandboxProfile?
    /// Folders below which they may be started; any unless given.
    public var folders: [String]?
    /// Variables that the caller may set; those that its rule lets pass unless given.
    public var variables: [String]?
    /// How many may run at once; 10 unless given.
    public var running: Int?
    /// How many may be started in a minute; no limit unless given.
    public var perMinute: Int?
    /// Seconds after which they are ended; no limit unless given.
    public var seconds: Int?
    /// MiB of address space for each process; no limit unless given.
    public var memory: Int?
    /// How many processes a command may have; no limit unless given.
    public var processes: Int?

    /// Bounds from their parts.
    public init(
        sandbox: SandboxProfile? = nil, folders: [String]? = nil, variables: [String]? = nil, running: Int? = nil,
        perMinute: Int? = nil, seconds: Int? = nil, memory: Int? = nil, processes: Int? = nil
    ) {
        self.sandbox = sandbox
        self.folders = folders
        self.variables = variables
        self.running = running
        self.perMinute = perMinute
        self.seconds = seconds
        self.memory = memory
        self.processes = processes
    }

    public static var parameters: [Parameter] {
        [
            Parameter("sandbox", \Self.sandbox, "How they are fenced in."),
            Parameter("folders", \Self.folders, "Folders below which they may be started."),
            Parameter("variables", \Self.variables, "Variables that the caller may set."),
            Parameter("running", \Self.running, "How many may run at once; 10 unless given."),
            Parameter("perMinute", \Self.perMinute, "How many may be started in a minute."),
            Parameter("seconds", \Self.seconds, "Seconds after which they are ended."),
            Parameter("memory", \Self.memory, "MiB of address space for each process."),
            Parameter("processes", \Self.processes, "How many processes a command may have."),
        ]
    }
}
