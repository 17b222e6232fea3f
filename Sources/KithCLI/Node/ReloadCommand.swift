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
            guard !reply.changed.isEmpty else { return "Nothing has changed." }
            let needsStart = reply.changed.contains { $0.hasPrefix("listen.") || $0 == "discovery" }
            return "Changed: " + reply.changed.map(\.escaped).joined(separator: ", ") + "."
                + (needsStart ? " What listens and announces changes with `kith restart`." : "")
        }
    }
}
