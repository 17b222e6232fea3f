import KithAPI
import NIOCore
import NIOPosix
import Synchronization

/// Watches over questions that wait for their first answer: the kernel of a machine whose daemon is frozen holds
/// connections open for ever, and nothing else would end them.
///
/// While any of them waits, its peer is pinged every few seconds. A peer that is silent twice in a row is given up, and
/// so are its questions. How long an answer takes does not matter as long as the peer answers pings.
final class Vigil: Sendable {
    /// How patient it is.
    struct Patience: Sendable {
        /// Before the first ping, and after each that was answered.
        var pause = Duration.seconds(5)
        /// Pings in a row without an answer.
        var strikes = 2
        /// A peer with so many questions may have no room for a ping, and is not judged by it.
        var crowd = ConnectionLedger.Limits.perPeer - 8
    }

    /// That a peer was given up.
    struct Silence: Error {}

    private struct Peer {
        var waiting: [Int: @Sendable () -> Void] = [:]
        var ping: (@Sendable () async -> Bool)?
        var isPinged = false
        var isSilent = false
    }

    private struct State {
        var peers: [PeerID: Peer] = [:]
        var next = 0
    }

    private let patience: Patience
    private let state = Mutex(State())

    init(patience: Patience = Patience()) { self.patience = patience }

    /// What `work` answers.
    ///
    /// - Parameter ping: whether the peer is there; takes a few seconds at most.
    /// - Throws: ``Silence`` once the peer is given up; `work` is cancelled then.
    func keep<Value: Sendable>(
        _ id: PeerID, ping: @escaping @Sendable () async -> Bool,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await work() }
        let isGivenUp = Flag()
        let number = enter(id, ping) {
            isGivenUp.raise()
            task.cancel()
        }
        let pause = isSilent(id) ? .milliseconds(100) : patience.pause
        let alarm = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: TimeAmount(pause)) {
            self.begin(id, ping)
        }
        defer {
            alarm.cancel()
            leave(id, number)
        }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch  where isGivenUp.isRaised {
            throw Silence()
        }
    }

    /// That others hear nothing of a peer: it is pinged now, and once is enough.
    func doubt(_ id: PeerID) {
        let ping = state.withLock { state in
            state.peers[id, default: Peer()].isSilent = true
            return state.peers[id]?.ping
        }
        if let ping { begin(id, ping) }
    }

    /// Gives up a peer: whatever waits for it ends now, and what is asked from now on has less time.
    func giveUp(_ id: PeerID) {
        let waiting = state.withLock { state in
            state.peers[id, default: Peer()].isSilent = true
            guard let peer = state.peers[id], peer.waiting.count < patience.crowd else {
                return [@Sendable () -> Void]()
            }
            state.peers[id]?.waiting = [:]
            return Array(peer.waiting.values)
        }
        for end in waiting { end() }
    }

    /// That a peer has answered.
    func hasAnswered(_ id: PeerID) {
        state.withLock { state in
            state.peers[id]?.isSilent = false
            Self.tidy(id, &state)
        }
    }

    // MARK: Who waits

    private func enter(
        _ id: PeerID, _ ping: @escaping @Sendable () async -> Bool, _ end: @escaping @Sendable () -> Void
    ) -> Int {
        state.withLock { state in
            state.next += 1
            state.peers[id, default: Peer()].ping = ping
            state.peers[id, default: Peer()].waiting[state.next] = end
            return state.next
        }
    }

    private func leave(_ id: PeerID, _ number: Int) {
        state.withLock { state in
            state.peers[id]?.waiting[number] = nil
            Self.tidy(id, &state)
        }
    }

    private func isSilent(_ id: PeerID) -> Bool { state.withLock { $0.peers[id]?.isSilent == true } }

    private static func tidy(_ id: PeerID, _ state: inout State) {
        guard let peer = state.peers[id], peer.waiting.isEmpty, !peer.isPinged, !peer.isSilent else { return }
        state.peers[id] = nil
    }

    // MARK: Pings

    private func begin(_ id: PeerID, _ ping: @escaping @Sendable () async -> Bool) {
        let isFirst = state.withLock { state in
            guard let peer = state.peers[id], !peer.waiting.isEmpty, !peer.isPinged else { return false }
            state.peers[id]?.isPinged = true
            return true
        }
        // A task of its own: a timer enters here.
        if isFirst { Task { await pulse(id, ping) } }
    }

    private func pulse(_ id: PeerID, _ ping: @Sendable () async -> Bool) async {
        var silences = isSilent(id) ? patience.strikes - 1 : 0
        while goesOn(id) {
            if await ping() {
                silences = 0
                hasAnswered(id)
                try? await Task.sleep(for: patience.pause)
            } else {
                silences += 1
                if silences >= patience.strikes { giveUp(id) }
            }
        }
    }

    /// Whether anybody waits; otherwise the pings are over.
    private func goesOn(_ id: PeerID) -> Bool {
        state.withLock { state in
            guard state.peers[id]?.waiting.isEmpty != false else { return true }
            state.peers[id]?.isPinged = false
            Self.tidy(id, &state)
            return false
        }
    }
}

/// What is said once, and seen from everywhere.
private final class Flag: Sendable {
    private let state = Atomic(false)

    var isRaised: Bool { state.load(ordering: .acquiring) }

    func raise() { state.store(true, ordering: .releasing) }
}
