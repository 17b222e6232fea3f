import ArgumentParser
import KithAPI

/// `kith kill`
struct KillCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "End a job, or send it a signal.",
        discussion: """
            Without --signal the whole job is ended: TERM, and KILL five seconds later.

            Examples:
              kith kill jmbswy3dpeblw
              kith kill jmb --signal INT --on studio
            """)

    @Argument(help: "The job: its id, or the beginning of it.", completion: .jobs)
    var job: String

    @Option(help: "The signal; without it the job is ended.")
    var signal: CommandSignal.Name?

    @OptionGroup var place: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let id = try await JobWord.find(job, session, on: place.target)
        try await session.show(SignalJob(jobID: id, signal: signal), on: place.target) { _ in "" }
    }
}
