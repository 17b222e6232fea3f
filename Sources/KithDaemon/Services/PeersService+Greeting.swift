import KithAPI
import KithTrust

extension PeersService {
    /// How a peer took a greeting.
    enum Greeting: Sendable {
        case answered(NodeIdentity, at: Address, latency: Duration)
        case refused(String)
        /// It speaks no protocol that we know.
        case otherVersion(KithError)
        case silent
    }

    /// Asks a peer who it is, at each of its addresses.
    func greet(_ pin: PinnedPeer) async -> Greeting {
        var refusal: String?
        // The roster asks no workers: where one lives, its parent says.
        let addresses = pin.source == .pairing ? await roster.candidates(for: pin.id) : pin.addresses
        for address in addresses {
            let start = ContinuousClock.now
            do {
                let identity = try await client.ping(pin, at: address, seconds: 3)
                return .answered(identity, at: address, latency: ContinuousClock.now - start)
            } catch let error as KithError where [.peerNotPaired, .peerIdentityChanged].contains(error.code) {
                refusal = error.message
            } catch let error as KithError where error.code == .protocolVersion {
                return .otherVersion(error)
            } catch {
                continue
            }
        }
        return refusal.map { .refused($0) } ?? .silent
    }
}
