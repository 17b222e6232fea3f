import KithAPI
import Synchronization

/// The jobs that run now, and for whom.
final class JobTable: Sendable {
    /// Whose they are.
    enum Holder: Hashable, Sendable {
        case owner
        case peer(PeerID)

        init(_ caller: Caller) {
            switch caller {
            case .owner: self = .owner
            case .peer(let peer): self = .peer(peer.id)
            }
        }
    }

    private let holders = Mutex<[JobID: Holder]>([:])

    /// How many run.
    var count: Int { holders.withLock { $0.count } }

    /// Takes a place for a job; ``end(_:)`` gives it back.
    ///
    /// - Throws: ``KithError`` `limited` when the caller has `limit` running.
    func begin(_ id: JobID, for caller: Caller, limit: Int) throws(KithError) {
        let holder = Holder(caller)
        let isAdmitted = holders.withLock { holders in
            guard holders.values.count(where: { $0 == holder }) < limit else { return false }
            holders[id] = holder
            return true
        }
        guard isAdmitted else {
            throw KithError(.limited, "\(limit) commands are running already.", hint: "Wait for one to end.")
        }
    }

    /// Gives the place back.
    func end(_ id: JobID) {
        holders.withLock { $0[id] = nil }
    }
}
