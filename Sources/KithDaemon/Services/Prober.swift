import KithAPI
import KithDiscovery
import KithTrust
import KithWire
import Synchronization

/// Asks a peer whether it is there: an authenticated ping over pinned TLS.
final class Prober: Sendable {
    private let book: TrustBook
    private let client = Mutex<PeerClient?>(nil)

    init(book: TrustBook) { self.book = book }

    /// The roster is needed to make the client, so the client comes later.
    func use(_ client: PeerClient) { self.client.withLock { $0 = client } }

    func probe(_ id: PeerID, _ address: Address) async -> ProbeResult {
        guard let client = client.withLock({ $0 }), let pin = book.pin(for: id), pin.state == .active else {
            return .unreachable
        }
        do {
            _ = try await client.ping(pin, at: address, seconds: 3)
            return .answered
        } catch let error as KithError where error.code == .peerNotPaired {
            return .refused
        } catch {
            return .unreachable
        }
    }
}
