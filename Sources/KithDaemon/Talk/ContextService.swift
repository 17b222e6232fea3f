import KithAPI
import KithStore
import KithTrust
import KithWire

/// Spreads entries over the paired nodes, and says what happened at each.
struct ContextService: Sendable {
    let store: ContextStore
    let book: TrustBook
    let client: PeerClient

    /// Seconds that a peer has for an answer.
    private static let seconds = 10.0

    func broadcast(_ request: BroadcastContext, from caller: Caller) async throws -> BroadcastContext.Reply {
        try caller.requireOwner("Spreading a value")
        let call = SetContext(key: request.key, value: request.value, secondsToLive: request.secondsToLive)
        let entry = try await store.set(call, from: caller)
        let peers = book.peers.filter { $0.state == .active }
        let outcomes = await withTaskGroup(of: BroadcastOutcome.self) { group in
            for peer in peers { group.addTask { await set(call, on: peer) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return BroadcastContext.Reply(entry: entry, outcomes: outcomes.sorted { $0.peer < $1.peer })
    }

    private func set(_ call: SetContext, on peer: PinnedPeer) async -> BroadcastOutcome {
        do {
            let entry = try await client.call(call, on: peer.id.text, seconds: Self.seconds)
            return BroadcastOutcome(peer: peer.name.text, result: .stored, version: entry.version)
        } catch {
            let failure = KithError(wrapping: error)
            return BroadcastOutcome(peer: peer.name.text, result: Self.result(failure.code), reason: failure.message)
        }
    }

    private static func result(_ code: ErrorCode) -> BroadcastOutcome.Result {
        switch code {
        case .denied: .denied
        case .peerOffline, .peerNotPaired, .timedOut: .offline
        default: .failed
        }
    }
}
