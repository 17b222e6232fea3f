import KithAPI

/// One reader of the log. It keeps its place in the file and one page, so a slow one costs nothing.
actor AuditFollower {
    private let log: AuditLog
    private let filter: AuditFilter
    private let last: Int
    private let bell: AsyncStream<Void>?
    private var place: Int?
    private var page: ArraySlice<AuditRecord> = []

    init(_ log: AuditLog, _ request: FollowAudit, bell: AsyncStream<Void>?) {
        self.log = log
        self.bell = bell
        filter = AuditFilter(caller: request.peer)
        last = request.last ?? 50
    }

    /// The next record; nil at the end, which for a follower is the end of the log's life.
    func next() async throws -> AuditRecord? {
        while page.isEmpty {
            let isLast = try await turn()
            if isLast && page.isEmpty, await !rings() { return nil }
        }
        return page.popFirst()
    }

    /// Reads the next page and says whether it was the last for now.
    private func turn() async throws -> Bool {
        let start = if let place { place } else { try await log.start(last: last, filter) }
        let next = try await log.page(from: start, filter)
        place = next.end
        page = next.records[...]
        return next.isLast
    }

    private func rings() async -> Bool {
        guard let bell else { return false }
        var iterator = bell.makeAsyncIterator()
        return await iterator.next(isolation: self) != nil
    }
}
