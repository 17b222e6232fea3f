import Dispatch

/// Runs an actor on a serial queue of its own, so that its blocking calls hold no other task.
///
/// A reference type because `SerialExecutor` asks for one.
final class DiskExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: "kith.files.\(label)") }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}

/// The threads for short questions to the disk: at most as many at once as Dispatch has for us.
struct DiskQueue: Sendable {
    private let queue = DispatchQueue(label: "kith.files.questions", attributes: .concurrent)

    /// Runs `body` away from the cooperative pool.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
