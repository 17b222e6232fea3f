import FoundationEssentials
import KithAPI

/// A job in the words of the tasks extension. The task's id says which job on which machine, so that any
/// server of this node can answer for it, after any restart.
struct JobTask {
    private let job: Job
    private let place: Place

    init(_ job: Job, at place: Place) {
        self.job = job
        self.place = place
    }

    /// The fields that every form of a task has.
    var members: [String: JSONValue] {
        [
            "taskId": .string("\(place.word)/\(job.jobID)"), "status": .string(status),
            "statusMessage": .string("\(job.outputBytes) bytes of output so far on \(place.name)."),
            "createdAt": .string(job.startedAt.formatted(.iso8601)),
            "lastUpdatedAt": .string((job.end.map { end(of: $0) } ?? Date()).formatted(.iso8601)),
            "ttlMs": .null, "pollIntervalMs": 2_000,
        ]
    }

    private func end(of end: CommandEnd) -> Date { job.startedAt.addingTimeInterval(Double(end.duration) / 1_000) }

    private var status: String {
        switch job.state {
        case .running: "working"
        case .ended where job.end?.signal == "TERM" || job.end?.signal == "KILL": "cancelled"
        case .ended: "completed"
        case .lost: "failed"
        }
    }

    /// `tasks/get`
    static func get(_ errand: Errand) async throws -> MethodResult {
        let (job, place) = try await find(errand)
        return MethodResult(try await JobTask(job, at: place).detailed(errand))
    }

    /// `tasks/update`: jobs ask their client nothing, so there is nothing to take.
    static func update(_ errand: Errand) async throws -> MethodResult {
        guard errand.request.params["inputResponses"]?.members != nil else {
            throw RPCError.invalidParams("`inputResponses` must be an object.")
        }
        _ = try await find(errand)
        return MethodResult([:])
    }

    /// `tasks/cancel`: ends the processes; the task says so when they have gone.
    static func cancel(_ errand: Errand) async throws -> MethodResult {
        let (job, place) = try await find(errand)
        if job.state == .running { _ = try await errand.ask(SignalJob(jobID: job.jobID), at: place) }
        return MethodResult([:])
    }

    /// The task with its result or its error.
    func detailed(_ errand: Errand) async throws -> [String: JSONValue] {
        var members = members
        switch status {
        case "completed":
            let answer = try await JobReport.answer(job, at: place, errand)
            members["result"] = MethodResult(answer.members).json(at: errand.client.revision)
        case "failed":
            members["error"] = RPCError(-32603, "What held the job was killed; nobody can say how it ended.").json
        default: break
        }
        return members
    }

    private static func find(_ errand: Errand) async throws -> (Job, Place) {
        guard errand.client.hasTasks else {
            throw RPCError.missingCapability(
                "Tasks are an extension that the client has to declare.",
                .object(["extensions": .object([MetaKey.tasks: .object([:] as [String: JSONValue])])]))
        }
        return try await find(try errand.text("taskId"), errand)
    }

    /// The job that a task's id means.
    static func find(_ taskID: String, _ errand: Errand) async throws -> (Job, Place) {
        guard let slash = taskID.lastIndex(of: "/"), let id = JobID(String(taskID[taskID.index(after: slash)...]))
        else { throw RPCError.invalidParams("There is no task `\(taskID)`.") }
        let place = Place(String(taskID[..<slash]))
        do {
            return (try await errand.ask(GetJob(jobID: id), at: place), place)
        } catch let error as KithError where error.code == .notFound || error.code == .peerUnknown {
            throw RPCError(error, code: -32602)
        }
    }
}
