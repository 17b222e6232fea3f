import FoundationEssentials
import KithAPI

/// One peer for people, with every rule of what it may do here.
enum PeerView {
    /// Names and values, then the rules.
    static func text(_ peer: PeerStatus, at now: Date) -> String {
        var facts = Facts()
        facts.add("name", peer.name.text)
        facts.add("status", peer.status.rawValue)
        facts.add("worker of", peer.worker?.text)
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

    /// The decision, the rule behind it, and what would run.
    static func explanation(_ explanation: GrantExplanation, at now: Date) -> String {
        var facts = Facts()
        facts.add(explanation.decision.rawValue, explanation.reason)
        facts.add("rule", explanation.rule.map { rule($0, at: now) })
        facts.add("program", explanation.program)
        return facts.text
    }

    private static func rule(_ rule: GrantRule, at now: Date) -> String {
        var text = rule.effect.prefix + rule.grant.rawValue
        if !rule.scope.isEmpty { text += ": " + rule.scope.map(\.escaped).joined(separator: ", ") }
        if let bounds = rule.bounds { text += " [" + Self.bounds(bounds).joined(separator: ", ") + "]" }
        guard let end = rule.expiresAt else { return text }
        let seconds = Int(end.timeIntervalSince(now))
        return text + (seconds > 0 ? " (for \(Measure.duration(seconds: seconds)))" : " (expired)")
    }

    /// Each bound as people set it.
    private static func bounds(_ bounds: ExecBounds) -> [String] {
        var words: [String] = []
        if let sandbox = bounds.sandbox { words.append("sandbox \(sandbox.rawValue)") }
        if let folders = bounds.folders { words.append("below " + folders.map(\.escaped).joined(separator: " ")) }
        if let variables = bounds.variables { words.append("sets " + variables.map(\.escaped).joined(separator: " ")) }
        if let running = bounds.running { words.append("\(running) at once") }
        if let perMinute = bounds.perMinute { words.append("\(perMinute) a minute") }
        if let seconds = bounds.seconds { words.append("ended after \(Measure.duration(seconds: seconds))") }
        if let memory = bounds.memory { words.append("\(memory) MiB") }
        if let processes = bounds.processes { words.append(Measure.count(processes, "process", plural: "processes")) }
        return words
    }
}
