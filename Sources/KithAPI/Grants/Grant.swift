/// What a peer can be allowed to do. Everything not granted is denied.
public enum Grant: String, ParameterChoice {
    /// See that this node is here: its name, version and time.
    case observe
    /// Run commands. Scope: programs, by name or absolute path, with patterns of their arguments behind them
    /// (`git status **`); none means any command.
    case exec
    /// Open terminals. Scope as for commands; a terminal without a command runs the login shell.
    case terminal
    /// List and fetch files. Scope: folders; none means the home folder.
    case filesRead = "files.read"
    /// Place files. Scope: folders; none means the home folder.
    case filesWrite = "files.write"
    /// Read context entries. Scope: key prefixes; none means all.
    case contextRead = "context.read"
    /// Change context entries. Scope: key prefixes; none means all.
    case contextWrite = "context.write"
    /// Exchange messages.
    case message
    /// Post and claim tasks.
    case task
    /// Drive the coding agents of this machine.
    case agent
    /// Answer approvals.
    case approve
    /// Use the models of this machine.
    case model
    /// Vouch for its workers: they are trusted here as `NAME/worker`, with at most its own grants. No preset has it.
    case vouch
    /// The local door only: pairing, grants, configuration. No peer ever holds it.
    case owner

    /// Whether the owner can be asked each time.
    public var canBeAskedFor: Bool { self == .exec || self == .terminal }
}
