import ArgumentParser
import KithAPI
import KithClient

/// What the commands about workers share: their names, and how a start is answered.
enum WorkerWords {
    /// - Throws: ``KithError`` `request.invalid`.
    static func name(_ word: String) throws(KithError) -> PeerName {
        guard let name = PeerName(word) else {
            throw KithError(
                .requestInvalid, "`\(word)` cannot be the name of a worker.",
                hint: "Use up to 63 letters, digits, `.`, `_` or `-`, not beginning with a dot or a dash.")
        }
        return name
    }

    static func names(_ words: [String]) throws(KithError) -> [PeerName] {
        var names: [PeerName] = []
        for word in words { names.append(try name(word)) }
        return names
    }

    /// Starts workers and says how they are; leaves with 69 if one does not run.
    static func start(_ request: StartWorkers, _ session: Session) async throws {
        let bytes = try await session.client.raw(StartWorkers.name, json: JSON.encode(request))
        let workers = try KithClient.read(WorkerList.self, from: bytes).workers
        try session.output.show(bytes, as: WorkerList.self) { WorkerView.sentence($0.workers, "running") }
        let failed = workers.filter { $0.state != .running }
        for worker in failed {
            session.output.note("kith: \(worker.name) does not run. \((worker.reason ?? "").escaped)")
        }
        if !failed.isEmpty { throw ExitCode(ErrorCode.unavailable.exitCode) }
    }
}
