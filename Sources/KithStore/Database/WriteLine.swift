/// How much may wait, and how much becomes one transaction.
struct WriteLimits {
    /// Requests that wait.
    var waiting = 10_000
    /// Bytes of content that wait.
    var waitingBytes = 64 << 20
    /// Requests in one transaction.
    var batch = 1_000
    /// Bytes of content in one transaction; one request may exceed it alone.
    var batchBytes = 8 << 20
    /// How long the last commit may have taken for the next change to be written on its caller's thread.
    var quick = Duration.milliseconds(1)
    /// Bytes of content that are written there.
    var loneBytes = 64 << 10
    /// Rows that are changed there, about 900 pages of the log, before the log is moved into the main file. SQLite
    /// would do that after 1,000 pages, in the middle of a commit.
    var loneRows = 350
}

/// The requests that wait for the writer: who may still join, and what goes together. Pure.
struct WriteLine<Request> {
    /// What becomes of a request.
    enum Admission {
        /// It waits, and the writer is at work.
        case queued
        /// It waits, and the writer must be woken.
        case wakesWriter
        /// There is no room.
        case full
        /// Nothing is taken any more.
        case closed
    }

    private let limits: WriteLimits
    private var waiting: [(request: Request, bytes: Int)] = []
    private var waitingBytes = 0
    private var isWriting = false
    private var isClosed = false

    init(_ limits: WriteLimits) { self.limits = limits }

    /// Whether nothing waits, nobody writes, and more would be taken.
    var isIdle: Bool { !isWriting && !isClosed }

    mutating func admit(_ request: Request, bytes: Int) -> Admission {
        guard !isClosed else { return .closed }
        guard waiting.count < limits.waiting, waitingBytes + bytes <= limits.waitingBytes else { return .full }
        waiting.append((request, bytes))
        waitingBytes += bytes
        defer { isWriting = true }
        return isWriting ? .queued : .wakesWriter
    }

    /// The next transaction's requests, in the order in which they came; empty lets the writer rest.
    mutating func nextBatch() -> [Request] {
        var bytes = 0
        let end = waiting.prefix(limits.batch).firstIndex { item in
            defer { bytes += item.bytes }
            return bytes > 0 && bytes + item.bytes > limits.batchBytes
        }
        let batch = waiting.prefix(end ?? limits.batch)
        waiting.removeFirst(batch.count)
        waitingBytes -= batch.reduce(0) { $0 + $1.bytes }
        isWriting = !batch.isEmpty
        return batch.map(\.request)
    }

    /// Lets the writer rest, unless something waits; says whether it rests.
    mutating func rest() -> Bool {
        isWriting = !waiting.isEmpty
        return !isWriting
    }

    /// What waits is still written; nothing more is taken. False if it was closed before.
    mutating func close() -> Bool {
        defer { isClosed = true }
        return !isClosed
    }
}
