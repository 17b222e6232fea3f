import ArgumentParser
import KithAPI

/// `kith peers add`
struct PeersAddCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Remember an address at which a paired peer answers.",
        discussion: """
            The peer must answer there with the key that it was paired with. To meet a new one, use kith pair.

            Example: kith peers add 192.0.2.7:5484
            """)

    @Argument(help: "A host, or host:port.")
    var address: String

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(AddPeer(address: address)) { peer in
            "\(peer.name) answers at \(peer.address?.description.escaped ?? address)."
        }
    }
}
