import KithAPI

/// Whose turn it is with which worker: what changes one waits until what was asked before is done with it. It belongs
/// to the fleet's actor; nobody waits here but whoever asked something at a door, which has a limit.
final class WorkerTurns {
    /// Who waits for a name, first come, first served; none stands here that is free.
    private var lines: [PeerName: [CheckedContinuation<Void, Never>]] = [:]

    /// Returns when the worker is ours; ``pass(_:)`` must follow.
    func take(_ name: PeerName, in fleet: isolated WorkerFleet) async {
        guard lines[name] != nil else {
            lines[name] = []
            return
        }
        await withCheckedContinuation { lines[name]?.append($0) }
    }

    /// Gives the worker to the next.
    func pass(_ name: PeerName) {
        guard let next = lines[name]?.first else {
            lines[name] = nil
            return
        }
        lines[name]?.removeFirst()
        next.resume()
    }
}

extension WorkerFleet {
    /// Does `work` while nobody else changes these workers. Names are taken in their order, so two never wait for
    /// each other.
    func alone<Value: Sendable>(
        with names: [PeerName], _ work: () async throws -> Value
    ) async rethrows -> Value {
        let names = Set(names).sorted { $0.text < $1.text }
        for name in names { await turns.take(name, in: self) }
        defer { for name in names { turns.pass(name) } }
        return try await work()
    }
}
