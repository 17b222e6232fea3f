import KithAPI

extension ToolTable {
    static let tasks: [Tool] = [
        .asking(
            PostTask.self,
            Tool.Card(
                name: "kith_task_post", title: "Post a task",
                description: """
                    Describe work that an agent on any machine may claim. With `dedupe_key`, posting the same again \
                    while it is active only counts it. `needs` names tasks that have to be done first. \
                    Example: {"title": "Fix the flaky login test", "target": ["label:tests"]}.
                    """),
            Tool.Hints(isReadOnly: false, isDestructive: false, isIdempotent: false, isOpenWorld: false),
            only: ["title", "body", "target", "needs", "priority", "dedupeKey", "agent"],
            words: { reply, _ in
                "Task \(reply.task.id) is \(reply.task.state.rawValue)\(reply.isRepeat ? ", and was there" : "")."
            }),
        .asking(
            ListTasks.self,
            Tool.Card(
                name: "kith_task_list", title: "List tasks",
                description: """
                    List the tasks that live on this machine, or with `peer` on another: their state, who holds them, \
                    how far they are. `active` leaves out what is over. Example: {"active": true}.
                    """),
            .looks, at: .optionalPeer, isForeign: true,
            words: { reply, _ in
                let lines = reply.entries.map { task in
                    let holder = task.holder.map { ", held by \($0)" } ?? ""
                    return "\(task.id) \(task.state.rawValue)\(holder): \(task.title)"
                }
                return lines.isEmpty ? "No task fits." : lines.joined(separator: "\n")
            }),
    ]
}
