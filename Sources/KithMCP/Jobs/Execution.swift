import KithAPI

/// `kith_execute`: a command as a job; waited for a while, then followed with `kith_job` or as a task.
struct Execution {
    /// The longest that a call waits, below what clients give up after.
    static let longestWait = 50
    /// How long a call waits unless told otherwise.
    static let usualWait = 30.0
    /// After this long the work becomes a task, for clients that know tasks.
    static let patience = 10.0

    private static let manners = """
        Waits up to `wait_seconds` (30 unless given); what takes longer goes on as a job, and the answer names its \
        `jobID` for kith_job. It has no terminal, and its input is closed unless you give `stdin` or `keeps_input`. \
        Long output keeps its head and tail.
        """

    private static let arguments =
        [.peer] + StartCommand.parameters.filter { !covering.contains($0.name) }.map(Argument.init) + [wait]

    private static let wait = Argument(
        "wait_seconds", .number, "Wait at most this long for its end; 30 unless given.", range: 0...longestWait)

    private static let own: Set = ["peer", "wait_seconds"]

    /// The claim that may cover a command: agents claim with `kith`, and a model is offered nothing called a token.
    private static let covering: Set = ["task", "token"]

    static let tool = Tool(
        card: Tool.Card(
            name: "kith_execute", title: "Run a command",
            description: """
                Run a command on a machine and get its exit code and output. Give `command` as a list (no shell \
                reads it) or `shell` as one line for /bin/sh. \(manners) A non-zero exit code is a normal answer. \
                Example: {"peer": "studio", "command": ["git", "status"], "folder": "code/app"}.
                """),
        hints: .acts,
        arguments: arguments,
        output: JobReport.schema.json,
        question: { arguments in
            let words = (arguments.values["command"]?.elements ?? []).compactMap(\.text).joined(separator: " ")
            return "Run on \(arguments.place.name): \(arguments.values["shell"]?.text ?? words)"
        },
        run: { arguments, errand in
            let request = try arguments.request(StartCommand.self, without: own)
            return try await Execution(errand, at: arguments.place).run(
                request, waiting: arguments.values["wait_seconds"]?.double ?? usualWait)
        })

    private let errand: Errand
    private let place: Place

    init(_ errand: Errand, at place: Place) {
        self.errand = errand
        self.place = place
    }

    /// Starts and waits. Who cancels the call ends the command.
    func run(_ request: StartCommand, waiting seconds: Double) async throws -> ToolAnswer {
        let job = try await start(request)
        do {
            try Task.checkCancellation()
            let becomesTask = errand.client.hasTasks && seconds >= Self.patience
            let now = try await JobWatch(errand, at: place).wait(
                for: job, atMost: becomesTask ? Self.patience : seconds)
            if becomesTask, now.state == .running {
                return ToolAnswer(task: JobTask(now, at: place).members)
            }
            return try await JobReport.answer(now, at: place, errand)
        } catch  where Task.isCancelled {
            await end(job)
            throw CancellationError()
        }
    }

    /// Starts the job. The answer is awaited even by a cancelled caller, for only it says what there is to
    /// end; after three seconds of that the question is withdrawn (the machine's owner may be thinking).
    private func start(_ request: StartCommand) async throws -> Job {
        let (errand, place) = (errand, place)
        let starting = Task { try await errand.ask(request, at: place) }
        return try await withTaskCancellationHandler {
            try await errand.telling("\(place.name) has not begun; its owner may have to approve it.") {
                try await starting.value
            }
        } onCancel: {
            Task {
                try? await Task.sleep(for: .seconds(3))
                starting.cancel()
            }
        }
    }

    /// Ends the job's processes: a task of its own, because ours is cancelled.
    private func end(_ job: Job) async {
        let (errand, place) = (errand, place)
        _ = try? await Task { try await errand.ask(SignalJob(jobID: job.jobID), at: place) }.value
    }
}
