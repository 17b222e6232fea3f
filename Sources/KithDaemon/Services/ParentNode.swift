import FoundationEssentials
import Glibc
import KithAPI
import KithClient
import KithWorkers

/// What a worker's parent knows of the nodes around: it asks them all the time, and its workers do not.
struct ParentNode: Sendable {
    let descent: Descent

    /// Everyone that the parent knows of, by identity; nil if it does not answer within two seconds.
    func peers() async -> [PeerID: PeerStatus]? {
        let client = KithClient(socket: descent.runtime + "/kith.sock")
        return await withTaskGroup(of: [PeerStatus]?.self) { group in
            group.addTask { try? await client.call(ListPeers()).peers }
            group.addTask {
                try? await Task.sleep(for: .seconds(2))
                return nil
            }
            defer { group.cancelAll() }
            guard let peers = await group.next() ?? nil else { return nil }
            return Dictionary(peers.map { ($0.id, $0) }) { first, _ in first }
        }
    }
}
