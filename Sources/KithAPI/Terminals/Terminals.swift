/// Opens a terminal that lives on when its clients leave, and joins it.
///
/// Frames: `data` both ways, `event` upward a ``CommandWord``, downward ``CommandNews``, and at the end
/// ``CommandEnd``. Hanging up leaves the terminal running.
public struct OpenTerminal: Pipe {
    /// What to call it: 1–63 of `a–z A–Z 0–9 . _ -`; a free number unless given.
    public var name: String?
    /// What to run in it; the login shell unless given.
    public var command: [String]?
    /// The folder to run in; the home folder unless given.
    public var folder: String?
    /// Variables added to the owner's login environment.
    public var environment: [String: String]?
    /// The client's window.
    public var size: TerminalSize
    /// The client's `TERM`; `xterm-256color` unless given.
    public var type: String?

    /// A request for a terminal.
    public init(
        name: String? = nil, command: [String]? = nil, folder: String? = nil, environment: [String: String]? = nil,
        size: TerminalSize, type: String? = nil
    ) {
        self.name = name
        self.command = command
        self.folder = folder
        self.environment = environment
        self.size = size
        self.type = type
    }

    public typealias End = CommandEnd
    public static var name: String { "terminal.open" }
    public static var summary: String { "Open a terminal that lives on when its clients leave, and join it." }
    public static var grant: Grant { .terminal }
    public static var parameters: [Parameter] {
        [
            Parameter("name", \Self.name, "What to call it; a free number unless given."),
            Parameter("command", \Self.command, "What to run in it; the login shell unless given."),
            Parameter("folder", \Self.folder, "The folder to run in; the home folder unless given."),
            Parameter("environment", \Self.environment, "Variables added to the owner's login environment."),
            Parameter("size", \Self.size, "The client's window."),
            Parameter("type", \Self.type, "The client's `TERM`."),
        ]
    }
    public var object: String? { command?.joined(separator: " ") ?? name }
    public static var example: OpenTerminal {
        OpenTerminal(name: "work", size: TerminalSize(columns: 80, rows: 24))
    }
}

/// Joins a terminal: first its screen as it is, then what happens. Frames as in ``OpenTerminal``.
public struct AttachTerminal: Pipe {
    /// Its name or job id; the one that was used last unless given.
    public var terminal: String?
    /// The client's window; the smallest of all clients' counts.
    public var size: TerminalSize
    /// Only watch: input is not taken, and the window's size does not count.
    public var isReadOnly: Bool?
    /// Whether this client was here before and lost its link: it has the lines that left the screen.
    public var resumes: Bool?

    /// A request to join a terminal.
    public init(terminal: String? = nil, size: TerminalSize, isReadOnly: Bool? = nil, resumes: Bool? = nil) {
        self.terminal = terminal
        self.size = size
        self.isReadOnly = isReadOnly
        self.resumes = resumes
    }

    public typealias End = CommandEnd
    public static var name: String { "terminal.attach" }
    public static var summary: String { "Join a terminal: its screen, then what happens in it." }
    public static var grant: Grant { .terminal }
    public static var parameters: [Parameter] {
        [
            Parameter("terminal", \Self.terminal, "Its name or job id; the one used last unless given."),
            Parameter("size", \Self.size, "The client's window."),
            Parameter("isReadOnly", \Self.isReadOnly, "Only watch."),
            Parameter("resumes", \Self.resumes, "Whether this client comes back after its link was lost."),
        ]
    }
    public var object: String? { terminal }
    public static var example: AttachTerminal {
        AttachTerminal(terminal: "work", size: TerminalSize(columns: 80, rows: 24))
    }
}

/// Lists the terminals of a node, the newest first.
public struct ListTerminals: Call {
    /// A request for the list.
    public init() {}

    public typealias Reply = JobList
    public static var name: String { "terminal.list" }
    public static var summary: String { "List the terminals of this node." }
    public static var grant: Grant { .terminal }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: ListTerminals { ListTerminals() }
}

/// Ends a terminal and all that runs in it: HUP, and KILL five seconds later.
public struct EndTerminal: Call {
    /// Its name or job id.
    public var terminal: String

    /// A request to end `terminal`.
    public init(terminal: String) { self.terminal = terminal }

    public typealias Reply = Job
    public static var name: String { "terminal.end" }
    public static var summary: String { "End a terminal and all that runs in it." }
    public static var grant: Grant { .terminal }
    public static var parameters: [Parameter] { [Parameter("terminal", \Self.terminal, "Its name or job id.")] }
    public var object: String? { terminal }
    public static var example: EndTerminal { EndTerminal(terminal: "work") }
}
