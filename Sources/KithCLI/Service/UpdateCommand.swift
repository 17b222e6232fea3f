import ArgumentParser
import KithAPI

/// `kith update`
struct UpdateCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Say whether what runs is what is installed.",
        discussion: """
            Kith fetches nothing by itself. Install the new programs over the old ones, then run kith restart: commands and \
            terminals run on, and messages and leases are kept. Leaves with 1 while the daemon is of another build than the \
            one that is installed, and with 69 if none runs.

            Example:
              kith update --check || kith restart
            """)

    @Flag(help: "Compare what runs with what is installed.")
    var check = false

    @OptionGroup var common: GlobalOptions

    func validate() throws {
        guard check else { throw ValidationError("Kith fetches nothing by itself; --check is all there is.") }
    }

    func run() async throws {
        let session = try common.session()
        let report = UpdateReport(installed: try await .find(), running: try await running(session))
        try session.output.show(report, view: \.view)
        if !report.isDaemonCurrent { throw ExitCode(1) }
    }

    /// What runs; nil for a daemon that does not know the question.
    private func running(_ session: Session) async throws -> NodeBuild? {
        do {
            return try await session.client.call(GetBuild())
        } catch let error as KithError where error.code == .capabilityUnknown {
            return nil
        }
    }
}
