import ArgumentParser
import KithAPI
import KithClient

/// A job as people name it: its id, or so much of its beginning that only one begins with it.
enum JobWord {
    /// The job that `word` means on `target`.
    ///
    /// - Throws: ``KithError`` `not_found`, or `conflict` where several begin like this.
    static func find(_ word: String, _ session: Session, on target: KithClient.Target) async throws -> JobID {
        if let id = JobID(word) { return id }
        let jobs = try await list(session, on: target)
        let beginning = Beginning(
            text: word, noun: "job", list: "See `kith jobs --all`; a job of a peer is named with `--on PEER`.")
        let found = try beginning.only(of: jobs.map { Beginning.Candidate(id: $0.jobID.text, about: $0.title) })
        guard let id = JobID(found) else { throw KithError(.internalError, "A job has an odd id.") }
        return id
    }

    /// Asks again where the daemon dies under the question; one that does not run at all is an error at once.
    private static func list(_ session: Session, on target: KithClient.Target) async throws -> [Job] {
        do {
            return try await session.client.call(ListJobs(), on: target).jobs
        } catch let error as KithError where error.code == .linkLost {
            var reconnection = Reconnection(patience: ExecRun.patience)
            return try await again(&reconnection) { try await session.client.call(ListJobs(), on: target).jobs }
        }
    }

    private static func again(_ reconnection: inout Reconnection, _ ask: () async throws -> [Job]) async throws
        -> [Job]
    {
        while true {
            do { return try await ask() } catch let error as KithError {
                guard try await reconnection.mayTryAgain(after: error) else { throw error }
            }
        }
    }
}

extension ExitCode {
    /// The code of the job itself; 255 where nobody knows it.
    init(of job: Job) { self.init(remote: job.end?.exitCode ?? 255) }
}
