public import KithAPI

/// The daemon's side of its node's keeper: starts that process at first need, finds it again, and says what
/// it holds. Jobs go on when it closes, and when the daemon dies.
public actor KeeperClient {
    /// Every end, once, also those that happened while no daemon was there; for one reader. An end counts
    /// as told when the reader asks for the next one.
    public nonisolated let ends: AsyncStream<JobRecord>

    private let folder: String
    private let program: String
    private let limits: KeeperLimits

    /// A client of the keeper of `folder`; nothing is started yet.
    ///
    /// - Parameters:
    ///   - folder: the folder of the jobs, made 0700 if it is not there.
    ///   - program: the path of `kith`.
    ///   - limits: for a keeper that this client starts.
    /// - Throws: ``KithError`` `unavailable` where the kernel has no descriptors left.
    public init(folder: String, program: String, limits: KeeperLimits = KeeperLimits()) throws(KithError) {
        self.folder = folder
        self.program = program
        self.limits = limits
        ends = AsyncStream { nil }
    }

    /// How many jobs run; 0 where there is no keeper.
    public var runningCount: Int { get async { 0 } }

    /// Starts a job.
    ///
    /// - Throws: ``LaunchFailure`` where the kernel refuses; ``KithError`` `unavailable` where there is no
    ///   keeper and none can be started, `limited`, `conflict` for an id that is taken.
    public func start(_ launch: Launch) async throws -> HeldJob { throw Self.unfinished }

    /// A job that runs or is remembered.
    public func job(_ id: JobID) async throws -> HeldJob? { throw Self.unfinished }

    /// All that run or are remembered, the newest first.
    public func jobs() async throws -> [JobRecord] { throw Self.unfinished }

    /// Removes all that is kept of a job that has ended.
    ///
    /// - Throws: ``KithError`` `conflict` while it runs.
    public func forget(_ id: JobID) async throws { throw Self.unfinished }

    /// Ends every job, each as ``HeldJob/requestEnd(grace:)``; returns when they are reaped.
    public func stopAll(grace: Duration? = nil) async throws { throw Self.unfinished }

    /// Lets go of the keeper, which leaves when nothing runs.
    public func close() async {}

    static let unfinished = KithError(.unavailable, "The keeper is not finished.")
}
