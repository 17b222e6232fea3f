import KithAPI

extension ToolTable {
    static let peers: [Tool] = [
        .asking(
            ListPeers.self,
            Tool.Card(
                name: "kith_list_peers", title: "List machines",
                description: """
                    List this user's machines: which are paired, online and reachable now. Call it first, and use a \
                    `name` from it as `peer` in other tools. Answers at once, from memory. A machine with status \
                    `unpaired` cannot be used: the user has to run `kith pair`.
                    """),
            .looks, words: { reply, _ in words(reply.peers) }),
        .asking(
            GetPeer.self,
            Tool.Card(
                name: "kith_peer_status", title: "Check one machine",
                description: """
                    Ask one machine whether it is there, and how long its answer takes. Use it when a call failed, \
                    or before long work. Needs one round trip. Example: {"peer": "studio"}.
                    """),
            .looks, words: { reply, _ in line(reply) }),
    ]

    private static func words(_ peers: [PeerStatus]) -> String {
        guard !peers.isEmpty else {
            return "No other machine is known. The user can pair one: `kith pair` here, then there what it shows."
        }
        return peers.map(line).joined(separator: "\n")
    }

    private static func line(_ peer: PeerStatus) -> String {
        let latency = peer.latency.map { " (\(Int($0.rounded(.up))) ms)" } ?? ""
        return "\(peer.name): \(peer.status.rawValue)\(latency), id \(peer.id.short)"
    }
}
