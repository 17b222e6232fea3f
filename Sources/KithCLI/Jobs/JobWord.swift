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
        return try only(jobs.map(\.jobID).filter { $0.text.hasPrefix(word) }, word)
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

    private static func only(_ jobs: [JobID], _ word: String) throws(KithError) -> JobID {
        guard let first = jobs.first, !word.isEmpty else {
            throw KithError(
                .notFound, "There is no job `\(word)`.",
                hint: "See `kith jobs --all`; a job of a peer is named with `--on PEER`.")
        }
        guard jobs.count == 1 else {
            throw KithError(.conflict, "\(jobs.count) jobs begin with `\(word)`.", hint: "Give more of the id.")
        }
        return first
    }
}

extension CompletionKind {
    /// The jobs of this node, asked of the daemon while the shell waits.
    static var jobs: CompletionKind {
        .custom { _, _, _ in
            guard let session = try? Session(environment: ProcessEnvironment.places, format: .people) else {
                return []
            }
            return (try? await session.client.call(ListJobs()))?.jobs.map(\.jobID.text) ?? []
        }
    }
}

extension ExitCode {
    /// The code of the job itself; 255 where nobody knows it.
    init(of job: Job) { self.init(remote: job.end?.exitCode ?? 255) }
}
