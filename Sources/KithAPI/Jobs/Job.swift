public import FoundationEssentials

/// A command or terminal that a node runs; it outlives the connection that asked for it, and the daemon.
public struct Job: Described, Equatable {
    /// What it is.
    public enum Kind: String, ParameterChoice {
        case command, terminal
    }

    /// How far it is.
    public enum State: String, ParameterChoice {
        /// Its process runs.
        case running
        /// It has an ``Job/end``.
        case ended
        /// The process that held it was killed; nobody can say how it ended.
        case lost
    }

    /// Its id, unique on its node.
    public var jobID: JobID
    /// What it is.
    public var kind: Kind
    /// How far it is.
    public var state: State
    /// The command as people would type it.
    public var title: String
    /// What a terminal is called; nil for a command.
    public var name: String?
    /// The absolute path of the folder it was started in.
    public var folder: String
    /// Who asked for it: `owner`, or a peer's name.
    public var startedBy: String
    /// When it was started.
    public var startedAt: Date
    /// Whether it goes on when the client that started it goes away.
    public var isDetached: Bool
    /// The sandbox it runs in.
    public var sandbox: SandboxProfile
    /// Bytes that it wrote to both streams in all: the cursor at which what it writes next will stand.
    public var outputBytes: Int
    /// How many clients follow it now.
    public var followers: Int
    /// How it ended; nil while it runs.
    public var end: CommandEnd?

    /// A job from its parts.
    public init(
        jobID: JobID, kind: Kind = .command, state: State = .running, title: String, name: String? = nil,
        folder: String, startedBy: String, startedAt: Date, isDetached: Bool = false,
        sandbox: SandboxProfile = .none, outputBytes: Int = 0, followers: Int = 0, end: CommandEnd? = nil
    ) {
        self.jobID = jobID
        self.kind = kind
        self.state = state
        self.title = title
        self.name = name
        self.folder = folder
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.isDetached = isDetached
        self.sandbox = sandbox
        self.outputBytes = outputBytes
        self.followers = followers
        self.end = end
    }

    public static var parameters: [Parameter] {
        [
            Parameter("jobID", \Self.jobID, "Its id, unique on its node."),
            Parameter("kind", \Self.kind, "Command or terminal."),
            Parameter("state", \Self.state, "How far it is."),
            Parameter("title", \Self.title, "The command as people would type it."),
            Parameter("name", \Self.name, "What a terminal is called."),
            Parameter("folder", \Self.folder, "The folder it was started in."),
            Parameter("startedBy", \Self.startedBy, "Who asked for it: `owner`, or a peer's name."),
            Parameter("startedAt", \Self.startedAt, "When it was started."),
            Parameter("isDetached", \Self.isDetached, "Whether it goes on without the client that started it."),
            Parameter("sandbox", \Self.sandbox, "The sandbox it runs in."),
            Parameter("outputBytes", \Self.outputBytes, "Bytes that it wrote in all."),
            Parameter("followers", \Self.followers, "How many clients follow it now."),
            Parameter("end", \Self.end, "How it ended."),
        ]
    }
}

/// Jobs, the newest first; a node remembers at most 1,000.
public struct JobList: Described, Equatable {
    /// The jobs.
    public var jobs: [Job]

    /// A list of `jobs`.
    public init(jobs: [Job]) { self.jobs = jobs }

    public static var parameters: [Parameter] { [Parameter("jobs", \Self.jobs, "The jobs, the newest first.")] }
}

/// How much a command is fenced in.
public enum SandboxProfile: String, ParameterChoice {
    /// Not at all.
    case none
    /// It may write only in its folder and in a temporary one, reads no secrets, and cannot reach the
    /// daemon (Landlock and seccomp).
    case workspace
    /// As `workspace`, in name spaces of its own and without network (bubblewrap).
    case container
}

extension SandboxProfile {
    /// What the fence lets a command do, in a few words for people.
    public var rule: String {
        switch self {
        case .none: "forbids nothing"
        case .workspace: "lets it write only below its folder and TMPDIR, read no secrets, and reach no Unix socket"
        case .container: "lets it write only below its folder and TMPDIR, read no secrets, and reach no network"
        }
    }
}
