import ArgumentParser
import KithAPI

/// `kith peers remove`
struct PeersRemoveCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Unpair: end the trust in a peer at once.",
        discussion: "Its connections close, and nothing but a new pairing brings it back.")

    @Argument(help: "The peer: a name or a prefix of its id.", completion: .peers)
    var peer: String

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(RemovePeer(peer: peer)) { "\($0.name) (\($0.id.short)) is no longer a peer." }
    }
}
