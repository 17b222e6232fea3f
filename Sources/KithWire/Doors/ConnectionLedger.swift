import KithAPI
import Synchronization

/// Counts the connections of the peer door and says which may come in.
final class ConnectionLedger: Sendable {
    /// The limits of `security.md`.
    enum Limits {
        static let strangers = 64
        static let strangersPerSource = 4
        /// Where a peer is connected from already: it may open many connections at once.
        static let strangersFromPeers = 32
        /// From this machine, beside all others: a fleet of workers may ask its parent all at once.
        static let strangersFromHere = 128
        static let handshakesPerSecond = 200.0
        /// HTTP/1.1 carries one stream a connection, so this bounds the streams of a peer, too.
        static let perPeer = 64
        static let secondsForHandshake: Int64 = 5
    }

    private struct State {
        var strangers: [String: Int] = [:]
        var peers: [PeerID: Int] = [:]
        /// Connections of peers, by source.
        var friends: [String: Int] = [:]
        var tokens = Limits.handshakesPerSecond
        var refilledAt: ContinuousClock.Instant
    }

    private let state: Mutex<State>

    init(now: ContinuousClock.Instant) { state = Mutex(State(refilledAt: now)) }

    /// Whether a connection from `source` may begin its handshake.
    func admitStranger(from source: String, now: ContinuousClock.Instant) -> Bool {
        let source = Self.place(source)
        return state.withLock { state in
            let passed = (now - state.refilledAt) / .seconds(1)
            state.tokens = min(Limits.handshakesPerSecond, state.tokens + passed * Limits.handshakesPerSecond)
            state.refilledAt = now
            let here = state.strangers[Self.here, default: 0]
            let total = source == Self.here ? 0 : state.strangers.values.reduce(0, +) - here
            guard state.tokens >= 1, total < Limits.strangers,
                state.strangers[source, default: 0] < Self.limit(source, isKnown: state.friends[source] != nil)
            else { return false }
            state.tokens -= 1
            state.strangers[source, default: 0] += 1
            return true
        }
    }

    /// That the handshake of a connection from `source` is over, well or badly.
    func dismissStranger(from source: String) {
        state.withLock { $0.strangers.countDown(Self.place(source)) }
    }

    /// All loopback addresses are one place.
    private static let here = "loopback"

    private static func place(_ source: String) -> String {
        source.hasPrefix("127.") || source == "::1" ? here : source
    }

    private static func limit(_ source: String, isKnown: Bool) -> Int {
        guard source != here else { return Limits.strangersFromHere }
        return isKnown ? Limits.strangersFromPeers : Limits.strangersPerSource
    }

    /// Whether one more connection of this peer, from `source`, may be served.
    func admit(_ peer: PeerID, from source: String?) -> Bool {
        state.withLock { state in
            guard state.peers[peer, default: 0] < Limits.perPeer else { return false }
            state.peers[peer, default: 0] += 1
            if let source { state.friends[source, default: 0] += 1 }
            return true
        }
    }

    /// That a connection of this peer has ended.
    func dismiss(_ peer: PeerID, from source: String?) {
        state.withLock { state in
            state.peers.countDown(peer)
            if let source { state.friends.countDown(source) }
        }
    }
}
