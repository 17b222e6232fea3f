import KithAPI

/// What a follower hears.
public enum JobOutputEvent: Sendable, Equatable {
    /// Bytes, and the cursor of the first of them.
    case output(at: Int, Output)
    /// Bytes `from` to `to` were written and are not kept.
    case gap(from: Int, to: Int)
    /// It has ended; nothing follows.
    case end(ProcessEnd)
}

/// One reader of a job's output, over a connection of its own.
public actor JobFollower {
    init() {}

    /// The next event; nil after the end or ``cancel()``. One caller at a time. Cancelling the task is
    /// cancelling the follower.
    ///
    /// - Throws: ``KithError`` `job.lost` where the keeper is gone or was, `protocol`.
    public func next() async throws -> JobOutputEvent? { throw KeeperClient.unfinished }

    /// Hangs up.
    public nonisolated func cancel() {}
}
