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
    static func list(_ tasks: [TaskRecord], at now: Date) -> String {
        var table = Table("TASK", "STATE", "TITLE", "HOLDER", "CHANGED", "NOTE")
        for task in tasks {
            table.add(
                task.id.text, task.state.rawValue, String(task.title.prefix(48)), task.holder ?? "",
                Measure.age(of: task.updatedAt, at: now), note(task))
        }
        return tasks.isEmpty ? "There are no tasks." : table.text
    }

    /// All about one task.
    static func facts(_ task: TaskRecord) -> String {
        var facts = Facts()
        facts.add("task", task.id.text)
        facts.add("title", task.title)
        facts.add("state", task.state.rawValue + (note(task).isEmpty ? "" : " (\(note(task)))"))
        facts.add("home", task.home)
        facts.add("posted by", "\(task.poster), \(Measure.moment(task.createdAt))")
        facts.add("for", task.target.isEmpty ? nil : task.target.joined(separator: ", "))
        facts.add("needs", task.needs.isEmpty ? nil : task.needs.map(\.text).joined(separator: ", "))
        facts.add("holder", task.holder)
        facts.add("token", task.token == 0 ? nil : String(task.token))
        facts.add("progress", task.progress)
        facts.add("result", task.result)
        facts.add("reason", task.reason)
        facts.add("body", task.body)
        return facts.text
    }

    /// An event.
    static func event(_ event: TaskEvent) -> String {
        if let gap = event.gap { return "\(event.cursor)  events \(gap.from) to \(gap.to) were forgotten" }
        let parts = [event.at.map(Measure.moment), event.kind, event.task?.text, event.agent, event.detail]
        return "\(event.cursor)  " + parts.compactMap { $0?.escaped }.joined(separator: "  ")
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
