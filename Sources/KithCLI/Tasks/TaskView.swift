import FoundationEssentials
import KithAPI

/// Tasks as people read them. What others wrote is escaped.
enum TaskView {
    /// What came of posting.
    static func posted(_ reply: PostTask.Reply) -> String {
        guard reply.isRepeat else { return "\(reply.task.id) is posted." }
        return reply.task.state == .done
            ? "\(reply.task.id) is closed." : "\(reply.task.id) was posted before, \(reply.task.occurrences) times now."
    }

    /// A claim.
    static func claim(_ claim: TaskClaim) -> String {
        var text =
            "\(claim.task.id) is yours for \(claim.leaseSeconds) s, token \(claim.token): \(claim.task.title.escaped)"
        if let body = claim.task.body { text += "\n" + body.escapedLines }
        return text
    }

    /// A task on a line.
    static func line(_ task: TaskRecord) -> String {
        var text = "\(task.id) is \(task.state.rawValue)"
        if let why = task.state == .working ? task.progress : task.reason { text += ": \(why.escaped)" }
        return text + (text.hasSuffix(".") ? "" : ".")
    }

    /// Many tasks.
    static func list(_ tasks: [TaskRecord], at now: Date, width: Int? = nil) -> String {
        var table = Table(
            "TASK", "STATE", "TITLE", "HOLDER", "CHANGED", "NOTE", cutting: ["TITLE", "HOLDER", "NOTE"])
        for task in tasks {
            table.add(
                task.id.text, task.state.rawValue, task.title, task.holder ?? "",
                Measure.age(of: task.updatedAt, at: now), note(task))
        }
        return tasks.isEmpty ? "There are no tasks." : table.text(within: width)
    }

    /// All about one task.
    static func facts(_ task: TaskRecord, at now: Date) -> String {
        var facts = Facts()
        facts.add("task", task.id.text)
        facts.add("title", task.title)
        facts.add("state", task.state.rawValue + (note(task).isEmpty ? "" : " (\(note(task)))"))
        facts.add("home", task.home)
        facts.add("posted by", task.poster)
        facts.add("posted", Measure.full(task.createdAt, at: now))
        facts.add("changed", task.updatedAt == task.createdAt ? nil : Measure.full(task.updatedAt, at: now))
        facts.add("for", task.target.isEmpty ? nil : task.target.joined(separator: ", "))
        facts.add("needs", task.needs.isEmpty ? nil : task.needs.map(\.text).joined(separator: ", "))
        facts.add("holder", task.holder)
        facts.add("token", task.token == 0 ? nil : String(task.token))
        facts.add("progress", task.progress)
        facts.add("result", lines: task.result)
        facts.add("reason", lines: task.reason)
        facts.add("body", lines: task.body)
        return facts.text
    }

    /// An event on a line, cut to a terminal so many columns wide.
    static func event(_ event: TaskEvent, at now: Date, width: Int? = nil) -> String {
        if let gap = event.gap { return Self.gap(event.cursor, "events", gap) }
        let detail = [event.agent, event.detail].compactMap { $0 }.joined(separator: "  ")
        let cells = [
            Columns.number(event.cursor), event.at.map { Measure.moment($0, at: now) } ?? "",
            Columns.pad(event.kind.escaped, to: 9), event.task?.text ?? "", detail.escaped,
        ]
        return Columns.line(cells, within: width)
    }

    /// What was forgotten before it was read.
    static func gap(_ cursor: Int, _ what: String, _ gap: CursorGap) -> String {
        "\(Columns.number(cursor))  \(what) \(gap.from) to \(gap.to) were forgotten"
    }

    private static func note(_ task: TaskRecord) -> String {
        var words: [String] = []
        if !task.isReady { words.append("waits for others") }
        if task.isStalled { words.append("stalled") }
        if task.occurrences > 1 { words.append("\(task.occurrences) times") }
        if task.attempts > 0 { words.append("\(task.attempts) failed") }
        return words.joined(separator: ", ")
    }
}
