public import KithAPI

/// A process to start: everything decided, nothing looked up.
public struct Launch: Sendable, Equatable {
    /// What the process reads.
    public enum Input: Sendable, Equatable {
        /// Nothing: `/dev/null`.
        case none
        /// These bytes, then the end.
        case bytes([UInt8])
        /// What ``HeldJob/write(_:)`` brings, until ``HeldJob/closeInput()``.
        case open
    }

    /// What the job is called.
    public var id: JobID
    /// The absolute path of the program.
    public var program: String
    /// What it is called with, its own name first. Without NUL.
    public var arguments: [String]
    /// Its whole environment, without NUL; the keeper adds `KITH_JOB`, by which it finds strays again.
    public var environment: [String: String]
    /// The absolute path of the folder it runs in.
    public var folder: String
    /// What it reads.
    public var input: Input
    /// The window of the terminal that it gets, and then both outputs are one; nil means pipes.
    public var terminal: TerminalSize?
    /// When its group is ended; nil means never.
    public var timeout: Duration?
    /// MiB of address space that each of its processes may have; nil means no limit.
    public var memory: Int?
    /// Processes that may be added to those of this user; nil means no limit. The kernel counts for the
    /// whole user, and not at all for root.
    public var processes: Int?
    /// Whether it belongs to nobody: otherwise it is forgotten when its leader has received its end.
    public var isDetached: Bool
    /// What the daemon wants to find again with the job, at most ``noteLimit`` bytes; unread here, and
    /// written to the disk.
    public var note: [UInt8]

    /// The most bytes that ``note`` holds.
    public static let noteLimit = 64 << 10
    /// The most bytes of program, arguments, environment and folder together.
    public static let wordLimit = 4 << 20

    /// A process to start; what else there is to say is set afterwards.
    public init(
        id: JobID, program: String, arguments: [String], environment: [String: String], folder: String,
        input: Input = .none
    ) {
        self.id = id
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.input = input
        isDetached = false
        note = []
    }
}

/// The kernel would not start a process.
public struct LaunchFailure: Error, Equatable {
    /// Its reason, from `errno.h`.
    public var number: Int32

    /// A failure for this reason.
    public init(number: Int32) { self.number = number }
}
