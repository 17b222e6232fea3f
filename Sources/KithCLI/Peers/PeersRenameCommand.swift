import ArgumentParser
import KithAPI

/// `kith peers rename`
struct PeersRenameCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Call a peer by another name on this machine.")

    @Argument(help: "The peer: a name or a prefix of its id.", completion: .peers)
    var peer: String

    @Argument(help: "The new name: letters, digits, dots, dashes and underscores.")
    var newName: PeerName

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(RenamePeer(peer: peer, newName: newName)) {
            "\($0.id.short) is now called \($0.name)."
        }
    }
}
