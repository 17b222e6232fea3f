import FoundationEssentials
import KithAPI

/// What stands in the tables, the most important first.
struct TopSections {
    let model: TopModel

    /// All of them, in the order of the screen. Workers of this node are among its peers.
    var all: [TopSection] { [peers, jobs, tasks, messages] }

    private var overview: NodeOverview { model.overview }

    private var peers: TopSection {
        TopSection(
            title: "PEERS", heads: ["STATE", "SEEN", "LATENCY", "ADDRESS"], rows: overview.peerList.map(row),
            nothing: "none yet: kith pair", command: "kith peers", step: 1)
    }

    private func row(_ peer: PeerStatus) -> TopSection.Row {
        let isOnline = peer.status == .online
        var row = TopSection.Row(
            mark: isOnline ? "●" : "○", name: peer.name.text, state: peer.status.rawValue)
        row.style = Self.style(peer.status)
        row.time = isOnline ? "now" : peer.lastSeen.map { Self.short(model.age(of: $0)) } ?? ""
        row.who = isOnline ? peer.latency.map { Measure.duration(milliseconds: $0) } ?? "" : ""
        let words = [peer.address?.description, peer.worker == nil ? nil : "worker"]
        row.rest = words.compactMap { $0 }.joined(separator: " · ")
        row.isQuiet = peer.status == .unpaired
        return row
    }

    private static func style(_ state: PeerStatus.State) -> ScreenLine.Style {
        switch state {
        case .online: .good
        case .connecting, .pending: .care
        case .offline: .bad
        case .unpaired: .quiet
        }
    }

    private var jobs: TopSection {
        TopSection(
            title: "JOBS", heads: ["STATE", "SINCE", "BY", "COMMAND"],
            rows: overview.jobList.filter { $0.state == .running || model.age(of: $0.startedAt) < 3_600 }.map(row),
            nothing: "nothing runs", command: "kith jobs --all", step: 4)
    }

    private func row(_ job: Job) -> TopSection.Row {
        let isRunning = job.state == .running
        let hasFailed = job.state == .lost || (job.end?.exitCode ?? 0) != 0
        var row = TopSection.Row(name: job.jobID.text, state: JobsCommand.state(job))
        row.mark = isRunning ? "●" : hasFailed ? "!" : " "
        row.style = isRunning ? .good : hasFailed ? .care : .quiet
        row.time = Self.short(model.age(of: job.startedAt))
        row.who = job.startedBy
        row.rest = job.name.map { "\($0): \(job.title)" } ?? job.title
        row.isQuiet = !isRunning
        return row
    }

    private var tasks: TopSection {
        TopSection(
            title: "TASKS", heads: ["STATE", "CHANGED", "HOLDER", "TITLE"],
            rows: overview.taskList.sorted { Self.rank($0) < Self.rank($1) }.map(row),
            nothing: "none to be done", command: "kith task list --active", step: 4)
    }

    /// What waits for a person, then what is worked on, then what nobody has.
    private static func rank(_ task: TaskRecord) -> Int {
        switch task.state {
        case .needsInput: 0
        case .blocked: 1
        case .working: task.isStalled ? 2 : 3
        case .claimed: 4
        default: 5
        }
    }

    private func row(_ task: TaskRecord) -> TopSection.Row {
        var row = TopSection.Row(
            name: task.id.text, state: task.isStalled ? "stalled" : task.state.rawValue.replacing("_", with: " "))
        let waits = Self.rank(task) < 3
        row.mark = waits ? "!" : task.state == .open ? "○" : "●"
        row.style = waits ? .care : task.state == .open ? .plain : .good
        row.time = Self.short(model.age(of: task.updatedAt))
        row.who = task.holder ?? ""
        row.rest = task.progress.map { "\(task.title) · \($0)" } ?? task.title
        return row
    }

    private var messages: TopSection {
        let counts = overview.messages
        var rows = Self.rows(counts.unread, "unread", "kith message inbox", .care)
        rows += Self.rows(counts.unsent, "unsent", "until it can be reached", .plain)
        if counts.held > 0 {
            rows += Self.rows(["held back": counts.held], "held", "kith message release", .care)
        }
        return TopSection(
            title: "MESSAGES", heads: ["STATE", "COUNT"], rows: rows, nothing: "none waits",
            command: "kith message inbox", step: 2)
    }

    private static func rows(
        _ counts: [String: Int], _ state: String, _ rest: String, _ style: ScreenLine.Style
    ) -> [TopSection.Row] {
        counts.sorted { $0.key < $1.key }.map { name, count in
            TopSection.Row(
                mark: style == .care ? "●" : "○", style: style, name: name, state: state, time: String(count),
                rest: rest)
        }
    }

    /// A span of time in one unit, so that it seldom changes: `12 s`, `4 min`, `3 h`, `2 d`.
    static func short(_ seconds: Int) -> String {
        let units = [(86_400, "d"), (3_600, "h"), (60, "min")]
        guard let (size, name) = units.first(where: { seconds >= $0.0 }) else { return "\(seconds) s" }
        return "\(seconds / size) \(name)"
    }
}
