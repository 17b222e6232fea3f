public import FoundationEssentials
public import KithAPI

/// What a keeper knows of a job.
public struct JobRecord: Sendable, Equatable {
    /// How far a job is.
    public enum State: Sendable, Equatable {
        /// Its process runs, or what it wrote is still being read.
        case running
        /// It has ended, and is reaped.
        case ended(ProcessEnd)
        /// Its keeper was killed; nobody knows how it ended.
        case lost
    }

    /// Its id.
    public var id: JobID
    /// What the daemon gave with its launch.
    public var note: [UInt8]
    /// Its window, if it is a terminal.
    public var terminal: TerminalSize?
    /// When it was started, to the millisecond.
    public var startedAt: Date
    /// Whether it belongs to nobody.
    public var isDetached: Bool
    /// How far it is.
    public var state: State
    /// Bytes that it wrote to both streams in all: the cursor at which the next one will stand.
    public var outputBytes: Int
    /// Bytes of input that were taken for it.
    public var inputTaken: Int
    /// How many follow it now.
    public var followers: Int

    /// A record from its parts.
    public init(
        id: JobID, note: [UInt8] = [], terminal: TerminalSize? = nil, startedAt: Date, isDetached: Bool,
        state: State, outputBytes: Int = 0, inputTaken: Int = 0, followers: Int = 0
    ) {
        self.id = id
        self.note = note
        self.terminal = terminal
        self.startedAt = startedAt
        self.isDetached = isDetached
        self.state = state
        self.outputBytes = outputBytes
        self.inputTaken = inputTaken
        self.followers = followers
    }
}
