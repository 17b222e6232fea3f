import ArgumentParser
import KithAPI

/// `kith stop`
struct StopCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop the daemon, and wait until it has stopped.",
        discussion: """
            Commands and terminals run on, and the next daemon finds them again; with --jobs they are ended first.
            """)

    @Flag(help: "End all commands and terminals, too.")
    var jobs = false

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        guard let process = try await DaemonControl(session: session).stop(endsJobs: jobs) else {
            return try session.output.answer(common.json ? "{}" : "The daemon is not running.")
        }
        try session.output.show(StopNode.Reply(pid: Int(process))) { _ in "The daemon has stopped." }
    }
}
