import KithAPI

/// The picture of a node: a pure function from what is known to lines, for every size of window.
enum TopScreen {
    /// As many lines as the window has rows.
    static func lines(_ model: TopModel) -> [ScreenLine] {
        let columns = TopColumns(width: model.size.columns)
        let room = model.size.rows
        guard room > 0 else { return [] }
        var lines = [title(model), summary(model)]
        if room >= 8 { lines.append(ScreenLine()) }
        let tables = tables(model, columns, room: room - lines.count - 1)
        lines += model.lost == nil ? tables : tables.map(\.faded)
        lines = Array(lines.prefix(max(1, room - 1)))
        lines += Array(repeating: ScreenLine(), count: max(0, room - 1 - lines.count))
        return room > 1 ? lines + [footer(model)] : lines
    }

    private static func title(_ model: TopModel) -> ScreenLine {
        var line = ScreenLine()
        let (node, width) = (model.overview.node, model.size.columns)
        let facts = "up \(Measure.duration(seconds: model.uptime / 60 * 60))  kith \(node.version)"
        let shown = model.uptime < 60 ? "up < 1 min  kith \(node.version)" : facts
        let room = width >= 50 ? Columns.width(of: shown) + 2 : 0
        line.put(node.name.text, at: 0, width: width - room, .strong)
        if room > 0 { line.putRight(shown, at: width - room, width: room, .quiet) }
        return line
    }

    /// What wants to be known first: trouble where there is some, else how many of each there are.
    private static func summary(_ model: TopModel) -> ScreenLine {
        var line = ScreenLine()
        let (text, style) = trouble(model) ?? (counts(model.overview), .plain)
        line.put(text, at: 0, width: model.size.columns, style)
        return line
    }

    private static func trouble(_ model: TopModel) -> (String, ScreenLine.Style)? {
        let overview = model.overview
        if let lost = model.lost {
            return (lost.reason, .alarm)
        }
        if let first = overview.approvalList.first {
            let more = overview.approvalList.count > 1 ? " and \(overview.approvalList.count - 1) more" : ""
            return ("\(first.peer)\(more) waits for your word: kith approvals", .notice)
        }
        return overview.node.warnings.first.map { ($0, .notice) }
    }

    /// `2 of 3 peers online · 1 job · 3 unread · 4 tasks`.
    static func counts(_ overview: NodeOverview) -> String {
        let node = overview.node
        let unread = overview.messages.unread.values.reduce(0, +)
        let finished: Set = [TaskState.done.rawValue, TaskState.failed.rawValue, TaskState.cancelled.rawValue]
        let active = overview.tasks.filter { !finished.contains($0.key) }.values.reduce(0, +)
        return [
            "\(node.peersOnline) of \(Measure.count(node.peers, "peer")) online",
            node.running == 0 ? "no jobs" : Measure.count(node.running, "job"),
            unread == 0 ? "nothing unread" : "\(unread) unread",
            active == 0 ? "no tasks" : Measure.count(active, "task"),
        ].joined(separator: " · ")
    }

    /// What `?` shows, and hides again.
    private static let keys = "q leaves · Ctrl-Z pauses · Ctrl-L draws anew · ? hides this"

    private static func footer(_ model: TopModel) -> ScreenLine {
        var line = ScreenLine()
        let width = model.size.columns
        let (text, style): (String, ScreenLine.Style) =
            model.lost.map { ("lost for \(TopSections.short(model.age(of: $0.since))), trying again", .alarm) }
            ?? ("live", .quiet)
        if model.showsKeys {
            line.put(keys, at: 0, width: width, .notice)
            return line
        }
        line.put("q to leave", at: 0, width: min(10, width), .quiet)
        line.putRight(text, at: min(12, width), width: max(0, width - 12), style)
        return line
    }

    // MARK: Tables

    private static func tables(_ model: TopModel, _ columns: TopColumns, room: Int) -> [ScreenLine] {
        let sections = TopSections(model: model).all
        let isLoose = room >= 2 * sections.count + 3
        let headings = sections.count + (isLoose ? sections.count - 1 : 0)
        let rows = share(
            max(0, room - headings), among: sections.map(\.rows.count), then: sections.map(\.wish))
        var lines: [ScreenLine] = []
        for (section, rows) in zip(sections, rows) {
            if isLoose, !lines.isEmpty { lines.append(ScreenLine()) }
            lines += section.lines(columns, room: rows)
        }
        return lines
    }

    /// Gives each what it needs while there is enough, else the same to all who need more; then, of what is left,
    /// what each wishes.
    static func share(_ room: Int, among needs: [Int], then wishes: [Int]) -> [Int] {
        var given = needs.map { _ in 0 }
        for limits in [needs, wishes] { fill(&given, to: limits, with: room - given.reduce(0, +)) }
        return given
    }

    private static func fill(_ given: inout [Int], to limits: [Int], with room: Int) {
        var left = room
        while left > 0, let level = zip(given, limits).filter({ $0 < $1 }).map(\.0).min() {
            for index in limits.indices where left > 0 && given[index] == level && given[index] < limits[index] {
                given[index] += 1
                left -= 1
            }
        }
    }
}
