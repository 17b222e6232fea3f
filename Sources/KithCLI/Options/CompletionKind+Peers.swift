import ArgumentParser
import KithAPI
import KithClient

extension CompletionKind {
    /// The names of the paired peers, asked of the daemon while the shell waits.
    static var peers: CompletionKind { .custom { _, _, _ in await names() } }

    /// Those, and the word for all workers of this node.
    static var peersAndWords: CompletionKind {
        .custom { _, _, _ in
            let names = await names()
            return names.contains { $0.contains("/") } ? names + [PeerSelector.workers] : names
        }
    }

    private static func names() async -> [String] {
        guard let session = try? Session(environment: ProcessEnvironment.variables, format: .people) else { return [] }
        let reply = try? await session.client.call(ListPeers())
        return reply?.peers.filter { $0.status != .unpaired }.map(\.name.text) ?? []
    }
}
