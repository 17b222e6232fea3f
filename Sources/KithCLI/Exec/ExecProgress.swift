import KithAPI

/// How far a command is, across the connections over which it is watched.
actor ExecProgress {
    /// The job, once the other side has named it.
    private(set) var job: JobID?
    /// Where the next byte of its output stands.
    private(set) var cursor = 0
    private var hasOutput = false
    private var isNamed = false
    private var isAsking = false
    /// Whether the person lets the command run on alone.
    private(set) var isDetaching = false

    /// It is known already which job is watched, and from where.
    func watch(_ job: JobID, from cursor: Int) {
        self.job = job
        self.cursor = cursor
    }

    /// The person lets the command run on alone.
    func detach() { isDetaching = true }

    /// The command has printed so many bytes, and they are written.
    func wrote(_ count: Int) {
        hasOutput = true
        cursor += count
    }

    /// What the other side says; answers how many bytes of output are lost, if any.
    func hear(_ news: CommandNews) -> Int {
        isAsking = isAsking || news.waitsForApproval != nil
        job = news.jobID ?? job
        isNamed = job != nil
        let lost = news.gapEnd.map { max(0, $0 - max(0, cursor)) } ?? 0
        cursor = news.gapEnd ?? news.cursor ?? cursor
        return lost
    }

    /// Whether nothing came of the request yet, and nobody's approval is waited for.
    var isAwaited: Bool { !hasOutput && job == nil && !isAsking }

    /// Whether the command was running when `error` came.
    func hasStarted(given error: KithError) -> Bool {
        hasOutput || isNamed || error.code == .linkLost || error.details?["jobID"] != nil
    }
}
