import GRDB

/// How much waits in the store.
public struct QueueLengths: Sendable, Equatable {
    /// Messages for agents of this node that nobody has acknowledged.
    public var inbox = 0
    /// Messages that have not reached their node.
    public var outbox = 0
    /// Messages that this node's owner has to release.
    public var held = 0
    /// Tasks that nobody has.
    public var openTasks = 0
    /// Tasks that somebody has.
    public var heldTasks = 0
}

extension Store {
    /// Counts what waits, with the indexes that there are for it.
    public func queues() async throws -> QueueLengths {
        try await read { db in
            func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM \(sql)") ?? 0 }
            return QueueLengths(
                inbox: try count("delivery WHERE box = \(MessageTable.Box.inbox.rawValue)"),
                outbox: try count("delivery WHERE box = \(MessageTable.Box.outbox.rawValue)"),
                held: try count("delivery WHERE box = \(MessageTable.Box.held.rawValue)"),
                openTasks: try count("task WHERE state = 'open'"),
                heldTasks: try count("task WHERE holder IS NOT NULL AND \(TaskTable.isActive)"))
        }
    }
}
