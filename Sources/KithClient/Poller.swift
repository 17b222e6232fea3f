import Dispatch
import Glibc
import Synchronization

/// Waits for descriptors on behalf of tasks, on one thread: its own, or the one that calls ``run()``.
///
/// Far less than an event loop, because a program that starts in milliseconds cannot afford one: poll(2), and, in a
/// program that wants a single thread, the tasks that are ready.
public final class Poller: Sendable {
    /// The poller of this process.
    public static let shared = Poller()

    private struct Waiter {
        let descriptor: Int32
        let events: Int16
        let deadline: ContinuousClock.Instant?
        /// Told whether it is ready; false at the deadline.
        let ready: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var waiters: [Int: Waiter] = [:]
        var jobs: [UnownedJob] = []
        var next = 0
        var hasThread = false
        var isAsleep = false
    }

    private let state = Mutex(State())
    /// A pipe that ends the sleep.
    private let alarm: (reader: Int32, writer: Int32)

    private init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
        }
        alarm = (ends[0], ends[1])
    }

    /// Returns when there is something to read at `descriptor`, or its end, or the task is cancelled.
    public func readable(_ descriptor: Int32) async { _ = await wait(for: Int16(POLLIN), on: descriptor) }

    /// Returns when `descriptor` has room, or nobody reads there any more, or the task is cancelled.
    public func writable(_ descriptor: Int32) async { _ = await wait(for: Int16(POLLOUT), on: descriptor) }

    /// As ``readable(_:)`` or ``writable(_:)``, for so long at most; false when the time is up. Costs no thread.
    func isReady(_ descriptor: Int32, toRead: Bool, within span: Duration) async -> Bool {
        await wait(for: Int16(toRead ? POLLIN : POLLOUT), on: descriptor, until: .now + span)
    }

    /// Takes a task that is ready, to be run by ``run()``: what a program with a single thread is made of.
    public func take(_ job: UnownedJob) {
        let isAsleep = state.withLock { state in
            state.jobs.append(job)
            return state.isAsleep
        }
        if isAsleep { wake() }
    }

    /// Waits, and runs what ``take(_:)`` was given, on this thread for ever. Before the first wait, or not at all.
    public func run() -> Never {
        state.withLock { $0.hasThread = true }
        while true {
            var rounds = 0
            while rounds < Self.busyTurns, turn() { rounds += 1 }
            look()
        }
    }

    private func wait(for events: Int16, on descriptor: Int32, until deadline: ContinuousClock.Instant? = nil) async
        -> Bool
    {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { ready in
                add(Waiter(descriptor: descriptor, events: events, deadline: deadline, ready: ready), number)
                if Task.isCancelled { remove(number) }
            }
        } onCancel: {
            remove(number)
        }
    }

    private func add(_ waiter: Waiter, _ number: Int) {
        let (isAsleep, isFirst) = state.withLock { state in
            state.waiters[number] = waiter
            defer { state.hasThread = true }
            return (state.isAsleep, !state.hasThread)
        }
        if isFirst { DispatchQueue(label: "kith.poll").async { self.run() } }
        if isAsleep { wake() }
    }

    private func remove(_ number: Int, isReady: Bool = true) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
        waiter?.ready.resume(returning: isReady)
    }

    private func wake() {
        var byte: UInt8 = 1
        _ = write(alarm.writer, &byte, 1)
    }

    /// After so many rounds of tasks the descriptors have their turn, however many tasks are ready.
    private static let busyTurns = 16

    /// Runs the tasks that are ready; false if there were none.
    private func turn() -> Bool {
        let jobs = state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        return !jobs.isEmpty
    }

    /// Wakes whoever waits for what is ready, and sleeps until something is, unless a task is ready.
    private func look() {
        let (waiters, isPatient) = state.withLock { state in
            state.isAsleep = state.jobs.isEmpty
            return (state.waiters, state.jobs.isEmpty)
        }
        let numbers = Array(waiters.keys)
        var looks = numbers.compactMap { waiters[$0] }.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
        looks.append(pollfd(fd: alarm.reader, events: Int16(POLLIN), revents: 0))
        let deadline = waiters.values.compactMap(\.deadline).min()
        let count = poll(&looks, nfds_t(looks.count), isPatient ? Self.milliseconds(until: deadline) : 0)
        state.withLock { $0.isAsleep = false }
        if count > 0 { for (number, look) in zip(numbers, looks) where look.revents != 0 { remove(number) } }
        if let deadline, deadline <= .now { expire(waiters) }
        guard count > 0, looks[numbers.count].revents != 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 64)
        _ = read(alarm.reader, &bytes, bytes.count)
    }

    /// Ends the wait of whoever has waited long enough.
    private func expire(_ waiters: [Int: Waiter]) {
        let now = ContinuousClock.now
        for (number, waiter) in waiters where waiter.deadline.map({ $0 <= now }) ?? false {
            remove(number, isReady: false)
        }
    }

    /// As poll(2) wants it: -1 is for ever.
    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
        return Int32(min(max(0, left.rounded(.up)), 3_600_000))
    }
}

extension Poller: SerialExecutor {
    /// Takes a task that is bound to this executor.
    public func enqueue(_ job: consuming ExecutorJob) { take(UnownedJob(job)) }
}
