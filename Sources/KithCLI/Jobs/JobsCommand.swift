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
            """)

    @Argument(help: "The peer; this node unless given.", completion: .peers)
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
        let target = peer.map(KithClient.Target.named) ?? place.target
        let session = try common.session()
        try await session.show(ListJobs(runningOnly: all ? nil : true), on: target) {
            Self.table($0.jobs, at: now, width: session.output.width)
        }
    }

    /// One line for each job; a word where there is none.
    static func table(_ jobs: [Job], at now: Date, width: Int? = nil) -> String {
        guard !jobs.isEmpty else { return "Nothing runs." }
        var table = Table("JOB", "STATE", "STARTED", "BY", "COMMAND", cutting: ["COMMAND", "BY"])
        for job in jobs {
            let title = job.name.map { "\($0): \(job.title)" } ?? job.title
            table.add(job.jobID.text, state(job), Measure.age(of: job.startedAt, at: now), job.startedBy, title)
        }
        return table.text(within: width)
    }

    /// `running`, `exit 3`, `TERM`, `lost`.
    static func state(_ job: Job) -> String {
        guard let end = job.end else { return job.state.rawValue }
        if end.timedOut { return "timed out" }
        return end.signal ?? "exit \(end.exitCode)"
    }
}
