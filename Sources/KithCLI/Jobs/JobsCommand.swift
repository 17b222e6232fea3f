import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith jobs`
struct JobsCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "What runs here or on a peer: commands and terminals.",
        discussion: """
            A job outlives the connection that started it, and the daemon. Follow one with `kith logs -f JOB`, join it \
            with `kith attach JOB`, wait with `kith wait JOB`, end it with `kith kill JOB`.

            Examples:
              kith jobs
              kith jobs studio --all
              kith jobs @workers
            """)

    @Argument(help: "The peer, @workers, or a pattern; this node unless given.", completion: .peersAndWords)
    var peer: String?

    @Flag(help: "Also those that have ended.")
    var all = false

    @OptionGroup var place: TargetOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if peer != nil, place.on != nil { throw ValidationError("Name the peer once.") }
    }

    func run() async throws {
        let now = Date()
        if let selector = (peer ?? place.on).flatMap({ PeerSelector($0) }) { return try await show(selector, at: now) }
        let target = peer.map(KithClient.Target.named) ?? place.target
        let session = try common.session()
        try await session.show(ListJobs(runningOnly: all ? nil : true), on: target) {
            Self.table($0.jobs, at: now, width: session.output.width)
        }
    }

    /// The jobs of several peers in one table; with --json a line for each peer. One that does not answer is named.
    private func show(_ selector: PeerSelector, at now: Date) async throws {
        let session = try common.session()
        var found: [(peer: String, job: Job)] = []
        var failure: KithError?
        for peer in try await selector.peers(session.client) {
            do {
                let request = ListJobs(runningOnly: all ? nil : true)
                let jobs = try await session.client.call(request, on: .named(peer)).jobs
                if common.json { try session.output.answer(try JSON.encode(PeerJobs(peer: peer, jobs: jobs))) }
                found += jobs.map { (peer, $0) }
            } catch let error as KithError {
                session.output.note("kith: \(peer): \(error.message.escaped)")
                failure = error
            }
        }
        if !common.json { try session.output.answer(Self.table(found, at: now, width: session.output.width)) }
        if let failure { throw ExitCode(failure.code.exitCode) }
    }

    /// What runs on one of several peers.
    struct PeerJobs: Codable, Equatable {
        var peer: String
        var jobs: [Job]
    }

    /// One line for each job; a word where there is none.
    static func table(_ jobs: [Job], at now: Date, width: Int? = nil) -> String {
        guard !jobs.isEmpty else { return "Nothing runs." }
        var table = Table("JOB", "STATE", "STARTED", "BY", "COMMAND", cutting: ["COMMAND", "BY"])
        for job in jobs { table.add(cells(job, at: now)) }
        return table.text(within: width)
    }

    /// One line for each job of several peers.
    static func table(_ jobs: [(peer: String, job: Job)], at now: Date, width: Int? = nil) -> String {
        guard !jobs.isEmpty else { return "Nothing runs." }
        var table = Table("PEER", "JOB", "STATE", "STARTED", "BY", "COMMAND", cutting: ["COMMAND", "BY"])
        for (peer, job) in jobs { table.add([peer] + cells(job, at: now)) }
        return table.text(within: width)
    }

    private static func cells(_ job: Job, at now: Date) -> [String] {
        let title = job.name.map { "\($0): \(job.title)" } ?? job.title
        return [job.jobID.text, state(job), Measure.age(of: job.startedAt, at: now), job.startedBy, title]
    }

    /// `running`, `exit 3`, `TERM`, `lost`.
    static func state(_ job: Job) -> String {
        guard let end = job.end else { return job.state.rawValue }
        if end.timedOut { return "timed out" }
        return end.signal ?? "exit \(end.exitCode)"
    }
}
