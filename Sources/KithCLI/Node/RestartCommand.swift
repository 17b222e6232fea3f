import ArgumentParser
import KithAPI

/// `kith restart`
struct RestartCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop the daemon if it runs, and start it.",
        discussion: "Configuration, peers and grants take effect without this; see kith reload.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let control = DaemonControl(session: session)
        _ = try await control.stop()
        try session.output.show(try await control.start()) { "The daemon runs as \($0.name) (\($0.id.short))." }
    }
}
