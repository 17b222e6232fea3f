public import KithAPI

/// A job that a keeper holds, running or ended. Everything may be called from anywhere.
public final class HeldJob: Sendable {
    /// Its id.
    public let id: JobID

    init(id: JobID) { self.id = id }

    /// Follows the output from a cursor to the end; any number may, and a slow one delays nobody.
    ///
    /// - Parameters:
    ///   - cursor: below 0: that many bytes before the end; nothing is said of what lies before it.
    ///   - leads: whether this follower paces the process, which then waits for it: no gap for it. When
    ///     it is dropped or its link breaks before the end, the job runs on unpaced. A job that is not
    ///     detached is forgotten when a leading follower has received its end.
    /// - Throws: ``KithError`` `not_found`, `unavailable`.
    public func follow(from cursor: Int, leads: Bool) async throws -> JobFollower { throw KeeperClient.unfinished }

    /// Brings bytes to its standard input; returns when they are taken, and waits while
    /// ``KeeperLimits/inputBuffer`` is unread. What nobody will read any more is taken too. One writer at a
    /// time.
    ///
    /// - Returns: bytes that were taken since the job began.
    @discardableResult
    public func write(_ bytes: [UInt8]) async throws -> Int { throw KeeperClient.unfinished }

    /// Closes its standard input behind what has been written.
    public func closeInput() async throws { throw KeeperClient.unfinished }

    /// Sends a signal to its whole group. Nothing happens once it has ended.
    public func signal(_ number: Int32) async throws { throw KeeperClient.unfinished }

    /// Ends everything that belongs to it: TERM, KILL after `grace` (``KeeperLimits/grace`` unless given).
    /// Returns at once and tries what it can; ``finished()`` says when it is done.
    public func requestEnd(grace: Duration? = nil) {}

    /// Makes it belong to nobody.
    public func detach() async throws { throw KeeperClient.unfinished }

    /// Changes the window of its terminal.
    public func resize(_ size: TerminalSize) async throws { throw KeeperClient.unfinished }

    /// How it ended, when it has, is reaped, and its output is read.
    ///
    /// - Throws: ``KithError`` `job.lost`, `not_found` once it is forgotten.
    public func finished() async throws -> ProcessEnd { throw KeeperClient.unfinished }

    /// What the keeper knows of it.
    ///
    /// - Throws: ``KithError`` `not_found` once it is forgotten.
    public func record() async throws -> JobRecord { throw KeeperClient.unfinished }
}
