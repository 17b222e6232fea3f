public import KithAPI
import Synchronization

/// The pairings that people are deciding at the moment: until one has ended, nothing else may complete it.
///
/// A pending pin is completed when its peer authenticates over mutual TLS, because after a crash that says that both
/// agreed. While the conversation still goes on it says nothing: the peer may come by a trust of before.
public final class PairingsUnderWay: Sendable {
    private struct Entry {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let entries = Mutex<[PeerID: Entry]>([:])

    init() {}

    /// That one with this peer has begun; they are counted.
    public func begin(_ id: PeerID) { entries.withLock { $0[id, default: Entry()].count += 1 } }

    /// That one has ended, and its pin has been activated or dropped, if it ever will be.
    public func end(_ id: PeerID) {
        let waiters = entries.withLock { entries -> [CheckedContinuation<Void, Never>] in
            guard var entry = entries[id] else { return [] }
            entry.count -= 1
            entries[id] = entry.count > 0 ? entry : nil
            return entry.count > 0 ? [] : entry.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when none with this peer is under way.
    public func ended(_ id: PeerID) async {
        await withCheckedContinuation { waiter in
            let isUnderWay = entries.withLock { entries in
                guard entries[id] != nil else { return false }
                entries[id]?.waiters.append(waiter)
                return true
            }
            if !isUnderWay { waiter.resume() }
        }
    }
}
