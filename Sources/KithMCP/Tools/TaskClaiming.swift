import KithAPI

/// `kith_task_claim`: one task for this session alone.
enum TaskClaiming {
    static let tool = Tool(
        card: Tool.Card(
            name: "kith_task_claim", title: "Claim a task",
            description: """
                Claim a task, so that no other agent works on it: the one you name, or the next that fits you. It \
                stays yours while you work, however long you say nothing, and is given back when your session ends. \
                Keep `claim` from the answer: kith_task_update wants it. Example: {"everywhere": true}.
                """),
        hints: Tool.Hints(isReadOnly: false, isDestructive: false, isIdempotent: true, isOpenWorld: false),
        arguments: [
            Argument("task", TaskID.schema, "The task, as kith_task_list named it; the next that fits unless given."),
            Argument("everywhere", .boolean, "Look on the other machines as well if there is nothing here."),
        ],
        output: Handover.schema.json,
        run: { arguments, errand in
            guard let agent = try await errand.ownAgent() else { throw noSession }
            guard let claim = try await claim(arguments, agent, errand) else {
                return ToolAnswer("No task waits for you.", [:], from: nil)
            }
            return try answer(claim, errand)
        })

    private static func claim(_ arguments: Arguments, _ agent: AgentName, _ errand: Errand) async throws -> TaskClaim? {
        guard arguments.values["task"] != nil else {
            let everywhere = arguments.values["everywhere"]?.bool
            return try await errand.ask(NextTask(agent: agent, everywhere: everywhere)).claim
        }
        var request = try arguments.request(ClaimTask.self)
        request.agent = agent
        return try await errand.ask(request)
    }

    private static func answer(_ claim: TaskClaim, _ errand: Errand) throws -> ToolAnswer {
        let task = TaskReading.shortened(claim.task)
        let handover = Handover(task: task, claim: claim.token, leaseSeconds: claim.leaseSeconds)
        let head = """
            Task \(task.id) is yours, as \(task.holder ?? "?"), claim \(claim.token). Say how it goes with \
            kith_task_update {"task": "\(task.id)", "claim": \(claim.token), "action": "complete", "text": "…"}.
            """
        return ToolAnswer(
            head + "\n" + TaskReading.words(claim.task, shortened: task, Quotation(errand, from: .here)),
            try JSONValue(encoding: handover).members ?? [:], from: .here)
    }

    private static let noSession = KithError(
        .unavailable, "Over HTTP there is no session that could hold a claim.",
        hint: "Connect with `kith mcp serve`, or let the user claim it with `kith task claim`.")

    /// What was claimed; empty where nothing waits.
    struct Handover: Described, Equatable {
        var task: TaskRecord?
        var claim: Int?
        var leaseSeconds: Int?

        static var parameters: [Parameter] {
            [
                Parameter("task", \Self.task, "The task; absent where none waits."),
                Parameter("claim", \Self.claim, "Proves the claim; give it to kith_task_update."),
                Parameter(
                    "leaseSeconds", \Self.leaseSeconds, "How long it would stay yours if this machine fell silent."),
            ]
        }
    }
}
