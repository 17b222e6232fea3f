import Dispatch

/// Runs an actor's jobs on one serial queue, so that C callbacks on that queue are already on the actor.
/// (Dispatch on Linux has no serial queue that is an executor by itself.)
final class QueueExecutor: SerialExecutor {
    let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
