import ArgumentParser
import KithAPI
import KithClient

extension CompletionKind {
    /// The names of the paired peers, asked of the daemon while the shell waits.
    static var peers: CompletionKind {
        .custom { _, _, _ in
            guard let session = try? Session(environment: ProcessEnvironment.places, format: .people) else {
                return []
            }
            let reply = try? await session.client.call(ListPeers())
            return reply?.peers.filter { $0.status != .unpaired }.map(\.name.text) ?? []
        }
    }
}
