import ArgumentParser
import KithAPI

/// `kith start`
struct StartCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start the daemon in the background.",
        discussion: "Does nothing if it runs already. To see it run in the foreground, use kith daemon run.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let control = DaemonControl(session: session)
        if let identity = try await control.identity() {
            return try session.output.show(identity) { "The daemon runs already as \($0.name) (\($0.id.short))." }
        }
        try session.output.show(try await control.start()) { "The daemon runs as \($0.name) (\($0.id.short))." }
    }
}
