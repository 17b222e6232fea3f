import ArgumentParser
import KithAPI

/// `kith key`
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Show the identity of this machine.", subcommands: [KeyShowCommand.self],
        defaultSubcommand: KeyShowCommand.self)
}

/// `kith key show`
struct KeyShowCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the id of this machine in groups that can be read aloud.",
        discussion: "The id is the fingerprint of the public key. It is no secret; compare it on another screen.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(Ping()) { "\($0.id.checkedGroups)  \($0.name)" }
    }
}
