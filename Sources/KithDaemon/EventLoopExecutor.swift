import CLinux
import NIOCore
import NIOPosix

/// Runs tasks on the threads that wait for the sockets: a task that a byte wakes goes on without a change of thread.
///
/// Twice as many requests, and a third less processor time for a transfer. Nothing may block in a task.
enum EventLoopExecutor {
    /// Takes over for the whole process; for the start of `main`. Says whether it did: without it all is as correct.
    ///
    /// `NIOSingletons` offers the same and finds the hook by its name, which a static runtime does not have.
    static func install() -> Bool {
        kith_run_tasks_with { job in
            guard let job else { return }
            let loop = MultiThreadedEventLoopGroup.singleton.any()
            loop.executor.enqueue(ExecutorJob(unsafeBitCast(job, to: UnownedJob.self)))
        }
    }

    /// Leads back to the loop of this thread; nil where it has none.
    static func pathBack() -> (@Sendable (@escaping @Sendable () -> Void) -> Void)? {
        guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else { return nil }
        return { work in loop.inEventLoop ? work() : loop.execute(work) }
    }
}
