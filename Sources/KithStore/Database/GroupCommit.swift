import GRDB
import KithAPI
import Synchronization

/// The one writer: whatever queued up while a batch went to the disk becomes the next transaction.
///
/// Callers suspend until the transaction that holds their change is on the disk. All work happens on
/// GRDB's own queue, so no thread of the cooperative pool is blocked.
final class GroupCommit: Sendable {
    private typealias Answer = @Sendable () -> Void

    private struct Request: Sendable {
        let attempt: @Sendable (Database) throws -> Answer
        let refuse: @Sendable (any Error) -> Void
    }

    private struct State {
        var line: WriteLine<Request>
        var commits = 0
    }

    private let pool: DatabasePool
    private let state: Mutex<State>

    init(_ pool: DatabasePool, limits: WriteLimits = .init()) {
        self.pool = pool
        state = Mutex(State(line: WriteLine(limits)))
    }

    /// How many transactions were committed.
    var commits: Int { state.withLock(\.commits) }

    /// Makes `change` in the next transaction and returns once it is on the disk.
    ///
    /// An error thrown by `change` undoes that change alone; the rest of the batch is committed. Being
    /// cancelled does not take a change back, since it may already be on its way.
    /// - Parameters:
    ///   - bytes: about how much content waits with it.
    ///   - announce: what happens first when it is on the disk, on the writer's thread: it must not take long.
    /// - Throws: what `change` threw; `limited` when too much waits; `unavailable` after the end.
    func perform<Value: Sendable>(
        bytes: Int = 0, announce: @escaping @Sendable () -> Void = {},
        _ change: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let request = Request(
                attempt: { db in
                    let value = try change(db)
                    return {
                        announce()
                        continuation.resume(returning: value)
                    }
                },
                refuse: { continuation.resume(throwing: KithError(ofStore: $0)) })
            if let refusal = enqueue(request, bytes: bytes) { request.refuse(refusal) }
        }
    }

    /// Returns when everything that waited is written, even to a cancelled task; what comes later is refused.
    func finish() async {
        await withCheckedContinuation { continuation in
            guard state.withLock({ $0.line.close() }) else { return continuation.resume() }
            pool.asyncWriteWithoutTransaction { db in
                self.drain(db)
                continuation.resume()
            }
        }
    }

    /// The writer is woken outside the lock, which is the first thing that it takes.
    private func enqueue(_ request: Request, bytes: Int) -> KithError? {
        switch state.withLock({ $0.line.admit(request, bytes: bytes) }) {
        case .queued: return nil
        case .wakesWriter:
            pool.asyncWriteWithoutTransaction { self.drain($0) }
            return nil
        case .full:
            return KithError(.limited, "Too many changes wait for the disk.", hint: "Try again in a second.")
        case .closed:
            return KithError(.unavailable, "The store is closing.", hint: "Start the daemon again.")
        }
    }

    private func drain(_ db: Database) {
        while true {
            let batch = state.withLock { $0.line.nextBatch() }
            guard !batch.isEmpty else { return }
            commit(batch, db)
        }
    }

    /// Nobody is answered, with a value or a refusal, before the commit that the answer rests on.
    private func commit(_ batch: [Request], _ db: Database) {
        do {
            var answers: [Answer] = []
            try db.inTransaction(.immediate) {
                for request in batch { answers.append(try attempt(request, db, isAlone: batch.count == 1)) }
                return .commit
            }
            state.withLock { $0.commits += 1 }
            for answer in answers { answer() }
        } catch {
            for request in batch { request.refuse(error) }
        }
    }

    /// SQLite ends the whole transaction on some errors; only then do they concern the others. A request that is
    /// alone in its transaction needs no other bounds.
    private func attempt(_ request: Request, _ db: Database, isAlone: Bool) throws -> Answer {
        guard !isAlone else { return try request.attempt(db) }
        do {
            var answer: Answer = {}
            try db.inSavepoint {
                answer = try request.attempt(db)
                return .commit
            }
            return answer
        } catch  where db.isInsideTransaction {
            return { [error] in request.refuse(error) }
        }
    }
}
