import KithAPI

/// Says when a task of the tasks extension has come to its end.
struct JobTaskWatch {
    /// How long to wait before somebody who did not answer is asked again.
    private static let pause = Duration.seconds(5)

    private let id: String
    private let errand: Errand

    init(_ id: String, _ errand: Errand) {
        self.id = id
        self.errand = errand
    }

    /// Returns when it has told of the end, or there is no such task.
    func run(_ tell: @Sendable (String, [String: JSONValue]) async -> Void) async throws {
        while true {
            do {
                let (job, place) = try await end()
                return await tell("notifications/tasks", try await JobTask(job, at: place).detailed(errand))
            } catch is RPCError {
                return
            } catch {
                try Task.checkCancellation()
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    private func end() async throws -> (Job, Place) {
        var (job, place) = try await JobTask.find(id, errand)
        while job.state == .running { job = try await errand.ask(WaitForJob(jobID: job.jobID), at: place) }
        return (job, place)
    }
}
