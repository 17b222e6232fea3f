import FoundationEssentials
import KithAPI
import KithTrust

/// Ends what needed a grant whose time is up, in that moment; a call that comes later is refused anyway.
struct GrantClock: Sendable {
    /// Seconds that are slept at most: the wall clock may be set meanwhile.
    private static let longestSleep = 60.0

    let book: TrustBook
    let now: @Sendable () -> Date
    /// Ends what a peer may do no longer.
    let review: @Sendable (PeerID) -> Void

    /// Reviews whom a grant has run out for, as it does, until none is left that ends.
    func run() async throws {
        var seen = Date.distantPast
        while let next = ends.filter({ $0 > seen }).min() {
            try await Task.sleep(for: .seconds(min(max(next.timeIntervalSince(now()), 0), Self.longestSleep)))
            let time = now()
            guard time >= next else { continue }
            for peer in book.firstHand where peer.grants.ends.contains(where: { seen < $0 && $0 <= time }) {
                review(peer.id)
            }
            seen = time
        }
    }

    private var ends: [Date] { book.firstHand.flatMap(\.grants.ends) }
}

extension GrantSet {
    /// When its rules end that do.
    fileprivate var ends: [Date] { rules.compactMap(\.expiresAt) }
}
