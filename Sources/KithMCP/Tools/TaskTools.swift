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
        TaskClaiming.tool, TaskReporting.tool, TaskListing.tool,
    ]
}
