import KithAPI

/// What a client asks a keeper, as the `open` frame of a connection; after an answer the next may come.
struct KeeperQuestion: Codable, Sendable, Equatable {
    /// Changes when an older keeper would misunderstand a newer daemon.
    static let currentVersion = 1

    enum Ask: String, Codable, Sendable {
        /// Who are you? Answered with ``KeeperAnswer/build`` and the like.
        case hello
        /// As `hello`; then the keeper stays as long as the connection does, and tells each end on it.
        case hold
        /// A ``KeeperQuestion/launch`` whose bytes follow as `data` frames.
        case start
        /// Output from ``KeeperQuestion/cursor``, to the end.
        case follow
        /// To look at a terminal in a window of ``KeeperQuestion/size``: then `data` goes both ways, and `event`
        /// frames say the window's new size.
        case attach
        /// What follows as `data` frames is input; each is answered; `end` closes it.
        case input
        /// ``KeeperQuestion/number`` to the group.
        case signal
        /// TERM, and KILL after ``KeeperQuestion/grace``.
        case end
        case detach
        /// ``KeeperQuestion/size`` of the terminal.
        case resize
        /// Answered when it has ended.
        case finished
        case record
        /// Answered with a record each, and `end`.
        case list
        case forget
        /// Ends every job; answered when all are reaped.
        case stopAll
        /// To leave now if nothing runs.
        case leave
        /// On the holding connection: the end of this job has been heard.
        case told

        /// Whether keepers of every version understand it.
        var isTimeless: Bool { [.hello, .hold, .leave, .stopAll].contains(self) }
    }

    var ask: Ask
    var version = currentVersion
    var job: JobID?
    var cursor: Int?
    var leads: Bool?
    var number: Int32?
    var grace: Int?
    var size: TerminalSize?
    var isReadOnly: Bool?
    var resumes: Bool?
    var launch: LaunchForm?

    init(_ ask: Ask, job: JobID? = nil) {
        self.ask = ask
        self.job = job
    }
}

/// What a keeper says in `event` frames, and in the payload of `end`.
struct KeeperAnswer: Codable, Sendable, Equatable {
    var version: Int?
    /// Which file the keeper runs from.
    var build: String?
    /// Jobs that run.
    var running: Int?
    var process: Int32?
    /// Where the output that follows begins.
    var cursor: Int?
    /// Up to here output is not kept.
    var gapEnd: Int?
    var inputTaken: Int?
    var record: RecordForm?
    var end: ProcessEnd?
    /// The kernel's reason for not starting a process.
    var failure: Int32?
}
