import KithAPI

/// Changes of entries as people read them. What others wrote is escaped.
enum ContextView {
    /// One change on a line.
    static func line(_ change: ContextChange) -> String {
        if let gap = change.gap { return "\(change.cursor)  changes \(gap.from) to \(gap.to) were forgotten" }
        let head = "\(change.cursor)  \(change.at.map(Measure.moment) ?? "")  \(change.kind.rawValue)"
        let value = change.value.map { " = \(String($0.prefix(200)).escaped)\($0.count > 200 ? "…" : "")" } ?? ""
        return
            "\(head)  \((change.key ?? "").escaped)\(value)  (version \(change.version ?? 0), \((change.by ?? "").escaped))"
    }

    /// What happened at each peer.
    static func outcomes(_ reply: BroadcastContext.Reply) -> String {
        var table = Table("PEER", "RESULT", "VERSION", "WHY")
        for one in reply.outcomes {
            table.add(one.peer, one.result.rawValue, one.version.map(String.init) ?? "", one.reason ?? "")
        }
        let here = "\(reply.entry.key.escaped) is set here (version \(reply.entry.version))."
        return reply.outcomes.isEmpty ? here : here + "\n" + table.text
    }
}
