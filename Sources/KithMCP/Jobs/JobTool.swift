import KithAPI

/// `kith_job`: everything about a job that goes on.
enum JobTool {
    /// What can be done with a job.
    enum Action: String, ParameterChoice {
        case list, status, wait, output, input, signal
    }

    static let tool = Tool(
        card: Tool.Card(
            name: "kith_job", title: "Follow a job",
            description: """
                Look after a command that kith_execute has started, by `job_id`: `wait` for its end (up to \
                `wait_seconds`), read its `output` from a `cursor`, see its `status`, send it `input` (only if it \
                was started with `keeps_input`) or a `signal`; \
                without a `signal` that action ends it for good. `list` names the jobs of a machine and needs no \
                `job_id`. Example: {"peer": "studio", "job_id": "j…", "action": "wait", "wait_seconds": 50}.
                """),
        hints: .acts,
        arguments: [
            .peer, Argument("action", Action.schema, "What to do.", isRequired: true),
            Argument("job_id", .string(format: nil), "The job, as kith_execute named it."),
            Argument(
                "wait_seconds", .number, "With `wait`: at most this long; 30 unless given.",
                range: 0...Execution.longestWait),
            Argument("cursor", .integer, "With `output`: from which byte; below 0: that many before the end."),
            Argument("text", .string(format: nil), "With `input`: what to write."),
            Argument("closes_input", .boolean, "With `input`: whether nothing more comes after it."),
            Argument("signal", CommandSignal.Name.schema, "With `signal`: which one; without, it is ended."),
        ],
        output: output,
        run: { try await run($0, $1) })

    /// Each action fills other fields, so none is promised.
    private static var output: JSONValue {
        var schema = Schema.object(JobList.parameters + JobReport.parameters).json.members ?? [:]
        schema["required"] = nil
        return .object(schema)
    }

    private static func run(_ arguments: Arguments, _ errand: Errand) async throws -> ToolAnswer {
        let place = arguments.place
        guard let action = Action(rawValue: arguments.text("action")), action != .list else {
            return try await list(at: place, errand)
        }
        let job = try jobID(arguments)
        switch action {
        case .list, .status: return try report(try await errand.ask(GetJob(jobID: job), at: place), place)
        case .output: return try await output(job, arguments.values["cursor"]?.int ?? 0, at: place, errand)
        case .wait:
            let seconds = arguments.values["wait_seconds"]?.double ?? Execution.usualWait
            let now = try await errand.ask(GetJob(jobID: job), at: place)
            let end = try await JobWatch(errand, at: place).wait(for: now, atMost: seconds)
            return end.state == .running ? try report(end, place) : try await JobReport.answer(end, at: place, errand)
        case .input:
            let request = WriteToJob(
                jobID: job, text: arguments.values["text"]?.text, closesInput: arguments.values["closes_input"]?.bool)
            return try report(try await errand.ask(request, at: place), place)
        case .signal:
            let signal = CommandSignal.Name(rawValue: arguments.values["signal"]?.text ?? "")
            return try report(try await errand.ask(SignalJob(jobID: job, signal: signal), at: place), place)
        }
    }

    private static func jobID(_ arguments: Arguments) throws(KithError) -> JobID {
        guard let text = arguments.values["job_id"]?.text, let job = JobID(text) else {
            throw KithError(
                .requestInvalid, "The argument `job_id` is missing or is no job's id.",
                hint: "Give it as kith_execute named it, or use the action `list`.")
        }
        return job
    }

    private static func report(_ job: Job, _ place: Place) throws -> ToolAnswer {
        let report = JobReport(job)
        return ToolAnswer(report.headline(at: place), try JSONValue(encoding: report).members ?? [:], from: place)
    }

    private static func output(_ job: JobID, _ cursor: Int, at place: Place, _ errand: Errand) async throws
        -> ToolAnswer
    {
        let now = try await errand.ask(GetJob(jobID: job), at: place)
        let output = try await JobExcerpt.read(job, from: cursor, at: place, errand)
        var report = JobReport(now)
        report.add(output)
        return try report.answer(output, at: place, errand)
    }

    /// Others started them, too: a title may be long, and say anything.
    private static func shortened(_ job: Job) -> Job {
        var job = job
        job.title = Excerpt(job.title, from: 0, limit: 200).text
        job.folder = Excerpt(job.folder, from: 0, limit: 200).text
        return job
    }

    private static func list(at place: Place, _ errand: Errand) async throws -> ToolAnswer {
        let all = try await errand.ask(ListJobs(), at: place)
        let kept = JobList(jobs: all.jobs.prefix(50).map(shortened))
        let lines = kept.jobs.map { "\($0.jobID) \($0.state.rawValue): \($0.title)" }
        let text =
            lines.isEmpty
            ? "\(place.name) has no jobs."
            : Quotation(errand, from: place).of(lines.joined(separator: "\n"), "jobs")
        return ToolAnswer(text, try JSONValue(encoding: kept).members ?? [:], from: place)
    }
}
