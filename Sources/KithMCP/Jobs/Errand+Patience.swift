import KithAPI

extension Errand {
    /// Does `work`, and tells the client every two seconds that it goes on, if it wants to know.
    func telling<Value: Sendable>(
        _ message: String, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard wantsProgress else { return try await work() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(JobWatch.slice))
                    await progress(seconds, message)
                }
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let finished { return finished }
            }
            throw CancellationError()
        }
    }
}
