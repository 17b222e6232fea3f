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

    /// The workers that words mean: names, and patterns of those that there are.
    ///
    /// - Throws: ``KithError`` `request.invalid`, `not_found` for a pattern that none fits.
    static func names(_ words: [String], of session: Session) async throws -> [PeerName] {
        guard words.contains(where: { PeerSelector(ofWorkers: $0) != nil }) else { return try names(words) }
        let all = try await session.client.call(ListWorkers()).workers
        var names: [PeerName] = []
        for word in words {
            guard let selector = PeerSelector(ofWorkers: word) else {
                names.append(try name(word))
                continue
            }
            let found = all.filter { selector.means($0) }.map(\.name)
            guard !found.isEmpty else {
                throw KithError(.notFound, "No worker fits `\(word)`.", hint: "See `kith session list`.")
            }
            names += found
        }
        return Set(names).sorted()
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
