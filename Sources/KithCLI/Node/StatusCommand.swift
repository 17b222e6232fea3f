import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith status`
struct StatusCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how this node is, and what goes on.",
        discussion: "`kith top` shows the same, as it changes.")

    @OptionGroup var common: GlobalOptions

    /// The longest that a daemon may take.
    private static let patience = Duration.seconds(5)

    func run() async throws {
        let session = try common.session()
        try await within(Self.patience) { try await Self.show(session) }
    }

    /// Says it once. A daemon of an earlier version says how it is itself, and no more.
    static func show(_ session: Session) async throws {
        do {
            for try await bytes in session.client.rawFeed(WatchNode.name, json: try JSON.encode(WatchNode(once: true)))
            {
                return try session.output.show(bytes, as: NodeOverview.self) {
                    view($0, at: Date(), width: session.output.width)
                }
            }
            throw KithError.linkLost("The daemon said nothing.")
        } catch let error as KithError where error.code == .capabilityUnknown {
            try await session.show(GetStatus()) { facts($0).text }
        }
    }

    /// The node as names and values, then what goes on in tables.
    static func view(_ overview: NodeOverview, at now: Date, width: Int? = nil) -> String {
        var facts = facts(overview.node)
        let waiting = overview.approvalList.count
        facts.add("approvals", waiting == 0 ? nil : "\(waiting) waiting; see `kith approvals`")
        let width = width ?? Self.whole
        let model = TopModel(
            overview: overview, at: now, now: now, size: TerminalSize(columns: width, rows: Int(UInt16.max)))
        let columns = TopColumns(width: width)
        let tables = TopSections(model: model).all.filter { !$0.rows.isEmpty }.map { section in
            section.lines(columns, room: section.rows.count).map(\.text).joined(separator: "\n")
        }
        return ([facts.text] + tables).joined(separator: "\n\n")
    }

    /// Where nothing has to fit: wide enough for ids as a whole.
    private static let whole = 140

    private static func facts(_ status: NodeStatus) -> Facts {
        var facts = Facts()
        facts.add("name", status.name.text)
        facts.add("id", status.id.checkedGroups)
        facts.add(
            "running",
            "for \(Measure.duration(seconds: status.uptime)) (process \(status.pid), version \(status.version))")
        facts.add(
            "listening",
            status.listening.isEmpty ? "nowhere" : status.listening.map(\.description).joined(separator: ", "))
        facts.add("started by", status.startedBy)
        facts.add("socket", status.socket)
        facts.add("data", status.dataFolder)
        facts.add("discovery", status.discovery)
        facts.add(
            "peers", status.peers == 0 ? "none yet; run `kith pair`" : "\(status.peersOnline) of \(status.peers) online"
        )
        facts.add("commands", status.running == 0 ? nil : "\(status.running) running")
        for warning in status.warnings { facts.add("warning", warning) }
        return facts
    }
}
