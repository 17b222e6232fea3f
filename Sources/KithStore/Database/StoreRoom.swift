import GRDB

/// How much of what it may take up one kind of data does.
public struct StoreRoom: Sendable, Equatable {
    /// What it is: `messages`, `context`.
    public let name: String
    /// The bytes that are taken up.
    public let bytes: Int
    /// The most that may be.
    public let limit: Int

    /// Whether the owner should know: nine tenths are taken up.
    public var isNearlyFull: Bool { bytes > limit / 10 * 9 }
}

extension Store {
    /// Whether a change could be stored now: it is tried, and nothing is changed. Takes five seconds where another
    /// program holds the database.
    ///
    /// - Throws: ``KithError``, which says why not.
    public func tryWriting() async throws { try await writer.perform { _ in } }

    /// What is taken up by the kinds of data that have a limit.
    public func rooms() async throws -> [StoreRoom] {
        try await read { db in
            let messages = try Int.fetchOne(db, sql: "SELECT bytes FROM messageRoom") ?? 0
            let context = try Int.fetchOne(db, sql: "SELECT sum(bytes) FROM contextUsage") ?? 0
            return [
                StoreRoom(name: "messages", bytes: messages, limit: MessageLimits().bytes),
                StoreRoom(name: "context", bytes: context, limit: ContextLimits().bytes),
            ]
        }
    }
}
