import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith peers list`, or `kith peers` alone
struct PeersListCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List paired peers, and nodes that were discovered.")

    @Flag(help: "Print nothing but the names of the paired peers, one per line.")
    var names = false

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        try await session.show(ListPeers()) { reply in
            names ? Self.names(reply.peers) : Self.view(reply.peers, at: Date(), width: session.output.width)
        }
    }

    /// The names of the paired ones.
    static func names(_ peers: [PeerStatus]) -> String {
        peers.filter { $0.status != .unpaired }.map(\.name.text).joined(separator: "\n")
    }

    /// Everyone as a table, `width` columns wide at most where that is given.
    static func view(_ peers: [PeerStatus], at now: Date, width: Int? = nil) -> String {
        guard !peers.isEmpty else { return "No peers yet. Pair with one: run `kith pair` on one of the two machines." }
        var table = Table("NAME", "STATUS", "ID", "ADDRESS", "SEEN", "LATENCY", "MAY", cutting: ["MAY"])
        for peer in peers {
            let isPaired = peer.status != .unpaired
            // Of workers their parents say how they are.
            let isHeardOf = peer.lastSeen == nil && peer.status == .online
            table.add(
                peer.name.text, peer.worker == nil ? peer.status.rawValue : "\(peer.status.rawValue) worker",
                peer.id.short, peer.address?.description ?? "",
                isPaired && !isHeardOf ? Measure.age(of: peer.lastSeen, at: now) : "",
                peer.latency.map { Measure.duration(milliseconds: $0) } ?? "", GrantSummary(peer.grants, at: now).text)
        }
        return table.text(within: width)
    }
}
