import FoundationEssentials
import GRDB
public import KithAPI

extension ContextStore {
    /// Sends the changes after a cursor that `caller` may read, and stays if asked to.
    ///
    /// Each has a number; who comes back with the last one misses nothing and gets nothing twice. What was
    /// forgotten meanwhile (the last 10,000 changes are kept, and 64 MiB of values) is sent as a gap. A slow reader
    /// holds nobody up: it reads the database at its own pace.
    public func watch(
        _ request: WatchContext, from caller: Caller, write: @escaping @Sendable (ContextChange) async throws -> Void
    ) async throws {
        if let prefix = request.prefix, !prefix.isEmpty { try ContextLimits.check(key: prefix) }
        let bell = try store.bells.hang(on: Self.topic)
        var cursor: Int
        if let given = request.cursor { cursor = given } else { cursor = try await read { try $0.lastChange() } }
        var rings = bell.makeAsyncIterator()
        while true {
            let page = try await read { [cursor] in try $0.changes(after: cursor, limit: 500) }
            for change in page where isFor(change, request, caller) { try await write(change) }
            cursor = page.last?.cursor ?? cursor
            guard page.isEmpty else { continue }
            guard request.follow ?? true, await rings.next() != nil else { return }
        }
    }

    /// The last changes of a key, newest first.
    ///
    /// - Throws: `not_found` also for what `caller` may not read.
    public func history(_ request: GetContextHistory, from caller: Caller) async throws -> GetContextHistory.Reply {
        try ContextLimits.check(key: request.key)
        guard mayRead(request.key, caller) else { throw ContextTable.absent(request.key) }
        return GetContextHistory.Reply(entries: try await read { try $0.history(of: request.key) })
    }

    private func isFor(_ change: ContextChange, _ request: WatchContext, _ caller: Caller) -> Bool {
        guard let key = change.key else { return true }
        return key.utf8.starts(with: (request.prefix ?? "").utf8) && mayRead(key, caller)
    }
}
