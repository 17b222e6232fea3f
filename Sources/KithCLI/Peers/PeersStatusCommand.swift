import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith peers status`
struct PeersStatusCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Ask one peer how it is, and say what it may do here.")

    @Argument(help: "The peer: a name or a prefix of its id.", completion: .peers)
    var peer: String

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(GetPeer(peer: peer)) { PeerView.text($0, at: Date()) }
    }
}
