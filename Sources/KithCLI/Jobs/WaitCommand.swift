import ArgumentParser
import KithAPI
import KithClient

/// `kith wait`
struct WaitCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until a job has ended, and leave with its exit code.",
        discussion: """
            With --timeout it leaves with 124 when the job still runs then. A lost link is looked for again for a \
            minute.

            Example:
              kith wait jmbswy3dpeblw --on studio && echo done
            """)

    @Argument(help: "The job: its id, or the beginning of it.", completion: .jobs)
    var job: String

    @Option(help: ArgumentHelp("Wait no longer than this: 500ms, 30s, 2m.", valueName: "time"))
    var timeout: TimeSpan?

    @OptionGroup var place: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let id = try await JobWord.find(job, session, on: place.target)
        let deadline = timeout.map { ContinuousClock.now + $0.duration }
        let (bytes, job) = try await wait(id, session, until: deadline)
        try session.output.show(bytes, as: Job.self) { _ in nil }
        guard job.state == .running else { throw ExitCode(of: job) }
        throw KithError(.timedOut, "The job \(id) still runs.", hint: "Wait again, or end it: `kith kill \(id)`.")
    }

    /// Asks as often as it takes.
    private func wait(_ id: JobID, _ session: Session, until deadline: ContinuousClock.Instant?) async throws -> (
        [UInt8], Job
    ) {
        var reconnection = Reconnection(patience: ExecRun.patience)
        while true {
            do {
                let left = deadline.map { max(0, ContinuousClock.now.duration(to: $0) / .seconds(1)) } ?? 50
                let request = WaitForJob(jobID: id, seconds: min(50, left))
                let bytes = try await session.client.raw(
                    WaitForJob.name, json: JSON.encode(request), on: place.target)
                let job = try KithClient.read(Job.self, from: bytes)
                if job.state != .running || left <= 50 && deadline != nil { return (bytes, job) }
                reconnection = Reconnection(patience: ExecRun.patience)
            } catch let error as KithError {
                guard try await reconnection.mayTryAgain(after: error) else { throw error }
            }
        }
    }
}
