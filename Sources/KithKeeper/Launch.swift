/// A process to start: everything decided, nothing looked up.
public struct Launch: Sendable, Equatable {
    /// What the process reads.
    public enum Input: Sendable, Equatable {
        /// Nothing: `/dev/null`.
        case none
        /// These bytes, then the end.
        case bytes([UInt8])
        /// What ``ChildProcess/write(_:)`` brings, until ``ChildProcess/closeInput()``.
        case open
    }

    /// The absolute path of the program.
    public var program: String
    /// What it is called with, its own name first. Without NUL.
    public var arguments: [String]
    /// Its whole environment. Without NUL.
    public var environment: [String: String]
    /// The absolute path of the folder it runs in.
    public var folder: String
    /// What it reads.
    public var input: Input
    /// When its group is ended; nil means never.
    public var timeout: Duration?

    /// A process to start.
    public init(
        program: String, arguments: [String], environment: [String: String], folder: String, input: Input = .none,
        timeout: Duration? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.input = input
        self.timeout = timeout
    }
}

/// The kernel would not start a process.
public struct LaunchFailure: Error, Equatable {
    /// Its reason, from `errno.h`.
    public var number: Int32

    /// A failure for this reason.
    public init(number: Int32) { self.number = number }
}
