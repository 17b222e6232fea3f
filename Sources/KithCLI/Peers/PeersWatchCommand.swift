import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith peers watch`
struct PeersWatchCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print the list of peers whenever it has changed.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        try await session.show(WatchPeers()) {
            PeersListCommand.view($0.peers, at: Date(), width: session.output.width) + "\n"
        }
    }
}
