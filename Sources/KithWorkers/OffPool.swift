import Dispatch
import KithAPI

/// Work that blocks, beside the threads on which tasks run.
enum OffPool {
    private static let queue = DispatchQueue(label: "kith.workers", attributes: .concurrent)

    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}

/// Work that is given up after a while.
enum Deadline {
    /// What `work` answers; nil if it takes longer than `span`, or fails. It must heed cancellation.
    @discardableResult
    static func within<Value: Sendable>(_ span: Duration, _ work: @escaping @Sendable () async throws -> Value) async
        -> Value?
    {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { try? await work() }
            group.addTask {
                try? await Task.sleep(for: span)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
