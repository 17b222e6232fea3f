import CLinux
import Glibc
public import KithAPI

/// The daemon's side of its node's keeper: starts that process at first need, finds it again, says what
/// it holds. Jobs go on when it closes, and when the daemon dies.
public actor KeeperClient {
    /// Every end, once, also those that happened while no daemon was there; for one reader. An end counts
    /// as told when the reader asks for the next one.
    public nonisolated let ends: AsyncStream<JobRecord>

    let folder: String
    let program: String
    let limits: KeeperLimits
    let scope: ServiceScope
    let loop: DescriptorLoop
    let news = EndsQueue()
    let place: KeeperPlace
    var control: KeeperLink?
    var holding: Task<Void, any Error>?
    /// Whether the keeper runs from another build than ours would.
    var isOutdated = false
    var isClosed = false

    /// A client of the keeper of `folder`; nothing is started yet.
    ///
    /// - Parameters:
    ///   - folder: the absolute path of the folder of the jobs, made 0700 if it is not there.
    ///   - program: the path of `kith`.
    ///   - limits: for a keeper that this client starts.
    ///   - scope: where such a keeper, and all that it holds, is put.
    /// - Throws: ``KithError`` `unavailable` where the kernel has no descriptors left, `file.permission`
    ///   where the folder is not ours.
    public init(
        folder: String, program: String, limits: KeeperLimits = KeeperLimits(), scope: ServiceScope = .none
    ) throws(KithError) {
        self.folder = folder
        self.program = program
        self.limits = limits
        self.scope = scope
        loop = try DescriptorLoop.shared.get()
        place = KeeperPlace(try KeeperFolder.open(folder))
        ends = AsyncStream { [news] in await news.next() }
    }

    /// How many jobs run; 0 where there is no keeper.
    public var runningCount: Int {
        get async {
            guard let link = try? connect() else { return 0 }
            return (try? await link.ask(KeeperQuestion(.hello)).running) ?? 0
        }
    }

    /// The process of the keeper that is there; nil where there is none. Starts none.
    public var process: Int32? {
        let connection = kith_connect(place.descriptor, KeeperServer.socketName)
        guard connection >= 0 else { return nil }
        defer { Glibc.close(connection) }
        let process = kith_other_process(connection)
        return process > 0 ? process : nil
    }

    /// Starts a job. One that is not detached is not read further than a leader could follow until the
    /// answer is followed, asked for its end, or let go.
    ///
    /// - Throws: ``LaunchFailure`` where the kernel refuses; ``KithError`` `unavailable` where there is no
    ///   keeper and none can be started, `limited`, `conflict` for an id that is taken,
    ///   `request.too_large`, `job.lost` where the keeper was killed meanwhile.
    public func start(_ launch: Launch) async throws -> HeldJob {
        let (link, input) = try await begin(launch, leads: false)
        let job = HeldJob(launch.id, of: self, over: link)
        if let input { job.feed(input) }
        return job
    }

    /// Starts a job and leads it, from its first byte on: as ``start(_:)`` and ``HeldJob/follow(from:leads:keepsEnd:)``
    /// in one question.
    ///
    /// - Parameter keepsEnd: whether the job is remembered though its leader has heard the end.
    /// - Throws: as ``start(_:)``.
    public func lead(_ launch: Launch, keepsEnd: Bool = false) async throws -> (job: HeldJob, leader: JobFollower) {
        let (link, input) = try await begin(launch, leads: true)
        let job = HeldJob(launch.id, of: self, over: nil)
        if let input { job.feed(input) }
        return (job, JobFollower(of: job, over: link, at: 0, keepsEnd: keepsEnd))
    }

    private func begin(_ launch: Launch, leads: Bool) async throws -> (link: KeeperLink, input: [UInt8]?) {
        var launch = launch
        let input = Self.takeLongInput(from: &launch)
        var (form, bytes) = try LaunchForm.write(launch)
        form.isLed = leads
        var question = KeeperQuestion(.start, job: launch.id)
        question.launch = form
        let (link, answer) = try await ask(question, with: bytes)
        if let number = answer.failure { throw LaunchFailure(number: number) }
        return (link, input)
    }

    /// A job that runs or is remembered.
    public func job(_ id: JobID) async throws -> HeldJob? {
        do {
            _ = try await ask(KeeperQuestion(.record, job: id))
            return HeldJob(id, of: self, over: nil)
        } catch let error as KithError where error.code == .notFound {
            return nil
        }
    }

    /// All that run or are remembered, the newest first.
    public func jobs() async throws -> [JobRecord] {
        var (link, answer) = try await ask(KeeperQuestion(.list))
        var records: [JobRecord] = []
        while let record = answer.record {
            records.append(record.record)
            answer = try await link.answer()
        }
        return records.sorted { ($0.startedAt, $0.id.text) > ($1.startedAt, $1.id.text) }
    }

    /// Removes all that is kept of a job that has ended.
    ///
    /// - Throws: ``KithError`` `conflict` while it runs, `not_found`.
    public func forget(_ id: JobID) async throws { _ = try await ask(KeeperQuestion(.forget, job: id)) }

    /// Ends every job, each as ``HeldJob/requestEnd(grace:)``; returns when they are reaped. Where there is
    /// no keeper, nothing runs.
    public func stopAll(grace: Duration? = nil) async throws {
        guard let link = try? connect() else { return }
        var question = KeeperQuestion(.stopAll)
        question.grace = grace.map { Int($0 / .milliseconds(1)) }
        _ = try await link.ask(question)
    }

    /// Lets go of the keeper, which leaves when nothing runs.
    public func close() async {
        isClosed = true
        control?.hangUp()
        control = nil
        await news.finish()
    }

    /// What does not travel with the launch.
    private static func takeLongInput(from launch: inout Launch) -> [UInt8]? {
        guard case .bytes(let bytes) = launch.input, bytes.count > LaunchForm.inputLimit else { return nil }
        launch.input = .open
        return bytes
    }
}

/// The folder in which a keeper listens, held open.
final class KeeperPlace: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
