import FoundationEssentials
import KithAPI

/// Changes of entries as people read them. What others wrote is escaped.
enum ContextView {
    /// One change on a line, cut to a terminal so many columns wide.
    static func line(_ change: ContextChange, at now: Date, width: Int? = nil) -> String {
        if let gap = change.gap { return TaskView.gap(change.cursor, "changes", gap) }
        let value = change.value.map { " = \(String($0.prefix(200)).escaped)\($0.count > 200 ? "…" : "")" } ?? ""
        let origin = "(version \(change.version ?? 0), \((change.by ?? "").escaped))"
        let cells = [
            Columns.number(change.cursor), change.at.map { Measure.moment($0, at: now) } ?? "",
            Columns.pad(change.kind.rawValue, to: 7), (change.key ?? "").escaped + value, origin,
        ]
        return Columns.line(cells, within: width)
    }

    /// What happened at each peer.
    static func outcomes(_ reply: BroadcastContext.Reply, width: Int? = nil) -> String {
        var table = Table("PEER", "RESULT", "VERSION", "WHY", cutting: ["WHY"])
        for one in reply.outcomes {
            table.add(one.peer, one.result.rawValue, one.version.map(String.init) ?? "", one.reason ?? "")
        }
        let here = "\(reply.entry.key.escaped) is set here (version \(reply.entry.version))."
        return reply.outcomes.isEmpty ? here : here + "\n" + table.text(within: width)
    }
}
