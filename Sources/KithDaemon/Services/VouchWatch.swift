import FoundationEssentials
import KithAPI
import KithDiscovery
import KithTrust
import KithWire

/// Hears of the workers of every peer that may vouch here: one feed per peer, as long as it is there.
actor VouchWatch {
    private let book: TrustBook
    private let roster: Roster
    private let client: PeerClient
    private let now: @Sendable () -> Date
    private var followed: Set<PeerID> = []
    private var backoffs: [PeerID: Backoff] = [:]

    init(book: TrustBook, roster: Roster, client: PeerClient, now: @escaping @Sendable () -> Date) {
        (self.book, self.roster, self.client, self.now) = (book, roster, client, now)
    }

    /// Follows until cancelled; sleeps while nobody may vouch.
    func run() async {
        let (bells, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        book.onChange { _ in bell.yield() }
        bell.yield()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listenForReturns(bell) }
            for await _ in bells {
                for parent in parents where followed.insert(parent).inserted {
                    group.addTask { await self.follow(parent, bell) }
                }
            }
            group.cancelAll()
        }
    }

    private var parents: [PeerID] {
        book.pairedPeers.filter { $0.state == .active && $0.grants.allows(.vouch, at: now()) }.map(\.id)
    }

    /// A parent that comes back is asked at once.
    private func listenForReturns(_ bell: AsyncStream<Void>.Continuation) async {
        for await change in await roster.changes() {
            guard case .changed(let presence) = change, presence.state.isOnline else { continue }
            bell.yield()
        }
    }

    /// Takes what one parent says until its line breaks or it may vouch no longer; then waits a while.
    private func follow(_ parent: PeerID, _ bell: AsyncStream<Void>.Continuation) async {
        do {
            try await client.follow(FollowVouchers(), on: parent.text) { element in
                try await self.take(element.vouchers, of: parent)
            }
        } catch let error as KithError where Self.isFinal(error.code) {
            book.forgetVouchers(of: parent)
        } catch {
            // What it said last counts until that expires: it may only have been restarted.
        }
        followed.remove(parent)
        let pause = backoffs[parent, default: Backoff()].receive(.failed, jitter: .random(in: 0..<1)) ?? .seconds(1)
        try? await Task.sleep(for: pause)
        bell.yield()
    }

    private func take(_ vouchers: [WorkerVoucher], of parent: PeerID) throws {
        backoffs[parent] = nil
        guard parents.contains(parent), book.take(vouchers, of: parent) else { throw CancellationError() }
    }

    /// Whether the answer is that it has no workers for us.
    private static func isFinal(_ code: ErrorCode) -> Bool {
        code == .denied || code == .capabilityUnknown || code == .peerNotPaired
    }
}
