import ArgumentParser
import KithAPI

/// `kith attach`
struct AttachCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Join a job: its output, its input, its signals.",
        discussion: """
            Output comes from the beginning, as far as it is kept, unless --from says otherwise. Leaving (Ctrl-C twice \
            within a second) leaves the job as it is. The exit code is the job's own.

            Examples:
              kith attach jmbswy3dpeblw --on studio
              kith attach jmb --from -2000
            """)

    @Argument(help: "The job: its id, or the beginning of it.", completion: .jobs)
    var job: String

    @Option(
        help: ArgumentHelp(
            "From which byte of the output; below 0: that many before the end.", valueName: "cursor"))
    var from: Int?

    @OptionGroup var place: TargetOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if common.json { throw ValidationError("attach has no --json; see `kith logs JOB -f --json`.") }
    }

    func run() async throws {
        let session = try common.session()
        let id = try await JobWord.find(job, session, on: place.target)
        throw try await ExecRun(session: session, target: place.target).join(AttachJob(jobID: id, cursor: from))
    }
}
