import ArgumentParser
import KithAPI

/// `kith reload`
struct ReloadCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Read the configuration again, without a restart.",
        discussion: "A configuration with an error changes nothing; the error names the file and the line.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(ReloadNode()) { reply in
            reply.changed.isEmpty
                ? "Nothing has changed." : "Changed: " + reply.changed.map(\.escaped).joined(separator: ", ") + "."
        }
    }
}
