import FoundationEssentials
import KithAPI

/// Whose a job is.
enum Holder: Hashable, Sendable {
    case owner
    case peer(PeerID)

    /// The holder that `caller` is.
    init(_ caller: Caller) {
        switch caller {
        case .owner: self = .owner
        case .peer(let peer): self = .peer(peer.id)
        }
    }
}

extension Caller {
    /// How lists of jobs name the caller.
    var title: String {
        switch self {
        case .owner: "owner"
        case .peer(let peer): peer.name.text
        }
    }

    /// Whether it sees what others started: the owner, and a peer that may run anything without bounds.
    func seesAll(of grant: Grant, at now: Date) -> Bool {
        guard case .peer(let peer) = self else { return true }
        let rules = peer.grants.live(grant, at: now)
        return !rules.isEmpty && rules.allSatisfy { $0.effect == .allow && $0.scope.isEmpty && $0.bounds == nil }
    }
}
