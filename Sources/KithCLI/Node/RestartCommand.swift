import ArgumentParser
import KithAPI

/// `kith restart`
struct RestartCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop the daemon if it runs, and start it.",
        discussion:
            "Peers and grants take effect without this, and most of the configuration: see kith reload. A configuration with an "
            + "error, or a home in which no daemon could start, leaves the running one alone.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let control = DaemonControl(session: session)
        // Before anything stops: its complaint, if it has one, goes to standard error.
        let check = try await DaemonProgram.find().run(["check-start"])
        guard check.code == 0 else { throw ExitCode(check.code) }
        _ = try await control.stop()
        try session.output.show(try await control.start()) { "The daemon runs as \($0.name) (\($0.id.short))." }
    }
}
