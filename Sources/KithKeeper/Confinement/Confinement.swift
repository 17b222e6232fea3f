public import KithAPI

/// How a command is fenced in before it starts: what `kith confine` is told, in words of `key=value`.
///
/// Decided by the daemon, obeyed by the trampoline: a process that fences itself in and then becomes the command.
public struct Confinement: Sendable, Equatable {
    /// What kind of fence.
    public var sandbox: SandboxProfile
    /// Folders that the command may change; absolute, without links. With a fence, nothing else may be changed.
    public var writable: [String]
    /// Places that it may not read, though everything else; absolute, without links, there or not.
    public var denied: [String]
    /// MiB of address space for each process.
    public var memory: Int?
    /// How many processes and threads the command may have.
    public var processes: Int?
    /// The folder it must find itself in; absolute, without links.
    public var folder: String?
    /// The file that the program must still be.
    public var program: FileIdentity?

    /// Whether bubblewrap has made its name spaces already.
    var isInContainer = false

    /// No fence; nothing is checked.
    public init(
        sandbox: SandboxProfile = .none, writable: [String] = [], denied: [String] = [], memory: Int? = nil,
        processes: Int? = nil, folder: String? = nil, program: FileIdentity? = nil
    ) {
        self.sandbox = sandbox
        self.writable = writable
        self.denied = denied
        self.memory = memory
        self.processes = processes
        self.folder = folder
        self.program = program
    }

    /// Whether a command can be started as it is.
    public var isEmpty: Bool { self == Confinement() }

    /// `launch` through the trampoline `kith`, an absolute path; itself if there is nothing to do.
    public func applied(to launch: Launch, through kith: String) -> Launch {
        guard !isEmpty else { return launch }
        var confined = launch
        confined.program = kith
        confined.arguments = ["kith", Self.command] + words + ["--", launch.program] + launch.arguments
        return confined
    }

    /// The hidden command of `kith` that obeys.
    public static let command = "confine"

    // MARK: Words

    /// One word for each thing to do.
    var words: [String] {
        var words = ["sandbox=\(sandbox.rawValue)"]
        words += writable.map { "write=\($0)" } + denied.map { "deny=\($0)" }
        if let memory { words.append("memory=\(memory)") }
        if let processes { words.append("processes=\(processes)") }
        if let folder { words.append("folder=\(folder)") }
        if let program { words.append("program=\(program.text)") }
        return isInContainer ? words + ["inside=container"] : words
    }

    /// Reads words; a word that is not understood is an error, for it may have been a fence.
    init(words: [String]) throws(KithError) {
        self.init()
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, obey(parts[0], parts[1]) else {
                throw KithError(.requestInvalid, "`\(word)` is no way to confine a command.")
            }
        }
    }

    private mutating func obey(_ key: String, _ value: String) -> Bool {
        switch key {
        case "sandbox": return take(SandboxProfile(rawValue: value), into: \.sandbox)
        case "memory": return take(Int(value), into: \.memory)
        case "processes": return take(Int(value), into: \.processes)
        case "program": return take(FileIdentity(text: value), into: \.program)
        case "write": writable.append(value)
        case "deny": denied.append(value)
        case "folder": folder = value
        case "inside" where value == "container": isInContainer = true
        default: return false
        }
        return true
    }

    private mutating func take<Value>(_ value: Value?, into field: WritableKeyPath<Self, Value>) -> Bool {
        guard let value else { return false }
        self[keyPath: field] = value
        return true
    }

    private mutating func take<Value>(_ value: Value?, into field: WritableKeyPath<Self, Value?>) -> Bool {
        guard let value else { return false }
        self[keyPath: field] = value
        return true
    }
}
