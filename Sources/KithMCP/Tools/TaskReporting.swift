import KithAPI

/// `kith_task_update`: what the holder of a task has to say.
enum TaskReporting {
    /// What can be said about a claimed task.
    enum Action: String, ParameterChoice {
        case progress, complete, fail, release, renew
    }

    static let tool = Tool(
        card: Tool.Card(
            name: "kith_task_update", title: "Report on a task",
            description: """
                Say how a task that you claimed goes: `progress` (with `state` if you are blocked or need a person), \
                `complete` with the result, `fail` with the reason (it is tried again unless `is_final`), `release` \
                to give it back. `renew` is only needed where nothing else keeps the claim. A claim that is no longer \
                the latest is refused. \
                Example: {"task": "t…", "claim": 1, "action": "complete", "text": "merged"}.
                """),
        hints: Tool.Hints(isReadOnly: false, isDestructive: false, isIdempotent: true, isOpenWorld: false),
        arguments: [
            Argument("task", TaskID.schema, "The task.", isRequired: true),
            Argument("claim", .integer, "`claim` as kith_task_claim answered it.", isRequired: true),
            Argument("action", Action.schema, "What you have to say.", isRequired: true),
            Argument("text", .string(format: nil), "The line of progress, the result, or the reason."),
            Argument("state", .choice(["working", "blocked", "needs_input"]), "With `progress`: how it stands."),
            Argument("is_final", .boolean, "With `fail`: give the task up at once."),
        ],
        output: TaskRecord.schema.json,
        run: { arguments, errand in
            try await errand.server.agent?.hold(for: errand.client.name)
            let task = TaskReading.shortened(try await report(arguments, errand))
            let text = "Task \(task.id) is \(task.state.rawValue)."
            return ToolAnswer(text, try JSONValue(encoding: task).members ?? [:], from: .here)
        })

    private static func report(_ arguments: Arguments, _ errand: Errand) async throws -> TaskRecord {
        let values = arguments.values
        guard let task = TaskID(arguments.text("task")), let claim = values["claim"]?.int else {
            throw KithError(
                .requestInvalid, "The argument `task` is no task's id.", hint: "Use it as kith_task_claim named it.")
        }
        let text = values["text"]?.text
        switch Action(rawValue: arguments.text("action")) {
        case .complete: return try await errand.ask(CompleteTask(task: task, token: claim, result: text))
        case .fail:
            let request = FailTask(
                task: task, token: claim, reason: text ?? "no reason given", isFinal: values["is_final"]?.bool)
            return try await errand.ask(request)
        case .release: return try await errand.ask(ReleaseTask(task: task, token: claim, reason: text))
        case .renew: return try await errand.ask(RenewTask(task: task, token: claim)).task
        case .progress, nil:
            let state = values["state"]?.text.flatMap(TaskState.init)
            return try await errand.ask(UpdateTask(task: task, token: claim, state: state, progress: text))
        }
    }
}
