import GRDB
import KithAPI
import Synchronization

/// The one writer: whatever queued up while a batch went to the disk becomes the next transaction.
///
/// Callers suspend until the transaction that holds their change is on the disk. The work happens on GRDB's own queue,
/// so that no task waits for the disk of others; but a change that comes alone, to a disk that has just been quick, is
/// written on its caller's thread: waking another one, and being woken by it, takes as long as the disk.
final class GroupCommit: Sendable {
    private typealias Answer = @Sendable () -> Void

    private struct Request: Sendable {
        let attempt: @Sendable (Database) throws -> Answer
        let refuse: @Sendable (any Error) -> Void
    }

    private struct State {
        let limits: WriteLimits
        var line: WriteLine<Request>
        var commits = 0
        /// How many changes are about to join the line.
        var coming = 0
        /// Whether the last commit was quick.
        var isQuick = false
        /// How many rows lone changes have changed since the log was last moved.
        var rows = 0

        init(_ limits: WriteLimits) {
            self.limits = limits
            line = WriteLine(limits)
        }

        /// Whether the log is to be moved into the main file.
        var isLong: Bool { rows > limits.loneRows }

        /// Whether the next change may be written on its caller's thread.
        func isAlone(_ bytes: Int) -> Bool {
            coming == 1 && line.isIdle && isQuick && !isLong && bytes <= limits.loneBytes
        }

        /// That a change comes; says whether it may be alone.
        mutating func comes(_ bytes: Int) -> Bool {
            coming += 1
            return isAlone(bytes)
        }

        mutating func committed(in time: Duration) {
            commits += 1
            isQuick = time < limits.quick
        }
    }

    /// Where whoever waits goes on.
    let wayBack: WayBack
    private let pool: DatabasePool
    private let state: Mutex<State>

    init(_ pool: DatabasePool, limits: WriteLimits = .init(), wayBack: WayBack) {
        self.pool = pool
        self.wayBack = wayBack
        state = Mutex(State(limits))
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
        // Whoever else is ready to write shows in this turn, and is written together with this.
        if state.withLock({ $0.comes(bytes) }) { await Task {}.value }
        let path = wayBack.path()
        return try await withCheckedThrowingContinuation { continuation in
            let request = Request(
                attempt: { db in
                    let value = try change(db)
                    return {
                        announce()
                        path { continuation.resume(returning: value) }
                    }
                },
                refuse: { error in path { continuation.resume(throwing: KithError(ofStore: error)) } })
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
        let (admission, isAlone) = state.withLock { state in
            let isAlone = state.isAlone(bytes)
            state.coming -= 1
            return (state.line.admit(request, bytes: bytes), isAlone)
        }
        switch admission {
        case .queued: return nil
        case .wakesWriter:
            if isAlone { writeAtOnce() } else { pool.asyncWriteWithoutTransaction { self.drain($0) } }
            return nil
        case .full:
            return KithError(.limited, "Too many changes wait for the disk.", hint: "Try again in a second.")
        case .closed:
            return KithError(.unavailable, "The store is closing.", hint: "Start the daemon again.")
        }
    }

    /// Writes on the caller's thread; what has come meanwhile is left to the queue.
    private func writeAtOnce() {
        pool.writeWithoutTransaction { db in
            let before = db.totalChangesCount
            commit(state.withLock { $0.line.nextBatch() }, db)
            let rests = state.withLock { state in
                state.rows += db.totalChangesCount - before
                return state.line.rest()
            }
            if !rests { pool.asyncWriteWithoutTransaction { self.drain($0) } }
        }
    }

    private func drain(_ db: Database) {
        while true {
            let batch = state.withLock { $0.line.nextBatch() }
            guard !batch.isEmpty else { return }
            commit(batch, db)
            moveLog(db)
        }
    }

    /// Moves the log into the main file, if it is long; if that fails, SQLite does it after its 1,000 pages.
    private func moveLog(_ db: Database) {
        guard state.withLock(\.isLong) else { return }
        _ = try? db.checkpoint()
        state.withLock { $0.rows = 0 }
    }

    /// Nobody is answered, with a value or a refusal, before the commit that the answer rests on.
    private func commit(_ batch: [Request], _ db: Database) {
        do {
            var answers: [Answer] = []
            let begun = ContinuousClock.now
            try db.inTransaction(.immediate) {
                for request in batch { answers.append(try attempt(request, db, isAlone: batch.count == 1)) }
                return .commit
            }
            let time = ContinuousClock.now - begun
            state.withLock { $0.committed(in: time) }
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
