import FoundationEssentials
import KithAPI

/// One peer for people, with every rule of what it may do here.
enum PeerView {
    /// Names and values, then the rules.
    static func text(_ peer: PeerStatus, at now: Date) -> String {
        var facts = Facts()
        facts.add("name", peer.name.text)
        facts.add("status", peer.status.rawValue)
        facts.add("id", peer.id.checkedGroups)
        facts.add("address", peer.address?.description)
        facts.add("seen", Measure.age(of: peer.lastSeen, at: now))
        facts.add("latency", peer.latency.map { Measure.duration(milliseconds: $0) })
        return facts.text + "\n" + grants(peer, at: now)
    }

    /// `studio may here:` and a line per rule.
    static func grants(_ peer: PeerStatus, at now: Date) -> String {
        guard !peer.grants.rules.isEmpty else { return "\(peer.name) may do nothing here." }
        guard peer.grants != GrantPreset.mine.grants else { return "\(peer.name) may do everything here." }
        return "\(peer.name) may here:\n" + peer.grants.rules.map { "  " + rule($0, at: now) }.joined(separator: "\n")
    }

    private static func rule(_ rule: GrantRule, at now: Date) -> String {
        var text = (rule.effect == .deny ? "not " : "") + rule.grant.rawValue
        if !rule.scope.isEmpty { text += ": " + rule.scope.map(\.escaped).joined(separator: ", ") }
        guard let end = rule.expiresAt else { return text }
        let seconds = Int(end.timeIntervalSince(now))
        return text + (seconds > 0 ? " (for \(Measure.duration(seconds: seconds)))" : " (expired)")
    }
}
