import KithAPI
import Synchronization

/// How many transfers run at once: the owner's are counted apart, so that no peer takes the room from them, and one
/// peer has a share only.
///
/// A reference type because they are counted together.
final class Slots: Sendable {
    /// How many there are.
    struct Limits: Sendable {
        var owner = 32
        var peers = 32
        var perPeer = 8
    }

    private struct Taken {
        var owner = 0
        var peers: [PeerID: Int] = [:]
    }

    private let limits: Limits
    private let taken = Mutex(Taken())

    init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Runs `body` in a slot of `caller`; throws `limited` at once if none is free.
    func run<Value>(for caller: Caller, _ body: () async throws -> Value) async throws -> Value {
        try take(for: caller)
        defer { giveBack(of: caller) }
        return try await body()
    }

    private func take(for caller: Caller) throws(KithError) {
        let isTaken = taken.withLock { taken in
            switch caller {
            case .owner:
                guard taken.owner < limits.owner else { return false }
                taken.owner += 1
            case .peer(let peer):
                let all = taken.peers.values.reduce(0, +)
                guard all < limits.peers, taken.peers[peer.id] ?? 0 < limits.perPeer else { return false }
                taken.peers[peer.id, default: 0] += 1
            }
            return true
        }
        guard isTaken else {
            throw KithError(.limited, "Too many transfers run on this machine.", hint: "Try again when one has ended.")
        }
    }

    private func giveBack(of caller: Caller) {
        taken.withLock { taken in
            switch caller {
            case .owner: taken.owner -= 1
            case .peer(let peer):
                let left = (taken.peers[peer.id] ?? 1) - 1
                taken.peers[peer.id] = left > 0 ? left : nil
            }
        }
    }
}
