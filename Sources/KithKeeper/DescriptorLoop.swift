import CLinux
import Dispatch
import Glibc
import KithAPI
import Synchronization

/// One thread that waits for descriptors, times and work, and is the executor of ``OnLoop``.
///
/// Not Dispatch's sources: on Linux a write source spins when the reader of a full pipe goes away (the
/// kernel then says only EPOLLERR, which Dispatch neither delivers nor disarms), and their bookkeeping
/// has known races between cancelling and descriptors used again. Here every watch fires once and is
/// armed again by hand, has a key that is never used twice, and is gone when `forget` returns.
final class DescriptorLoop: SerialExecutor {
    /// The loop of this process; a failure where the kernel gave no descriptors for it.
    static let shared = Result<DescriptorLoop, KithError> { () throws(KithError) in try DescriptorLoop() }

    typealias Body = @OnLoop @Sendable () -> Void

    /// What is waited for; the ends of pipes are noticed in either case.
    enum Interest: Sendable {
        case readable, writable, both

        fileprivate var events: UInt32 {
            let directions =
                switch self {
                case .readable: EPOLLIN.rawValue | EPOLLRDHUP.rawValue
                case .writable: EPOLLOUT.rawValue
                case .both: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue
                }
            return directions | EPOLLONESHOT.rawValue
        }
    }

    /// A watched descriptor. Whoever asked for it forgets it before closing the descriptor.
    struct Watch: Sendable, Equatable {
        let descriptor: Int32
        fileprivate let key: UInt64
    }

    /// A time that was asked for.
    struct Timer: Sendable, Equatable {
        fileprivate let key: UInt64
    }

    private struct State: Sendable {
        var lastKey: UInt64 = 0
        var watches: [UInt64: Body] = [:]
        var timers: [UInt64: (due: ContinuousClock.Instant, body: Body)] = [:]
        var jobs: [UnownedJob] = []
        var work: [Body] = []
        var isWoken = false

        var hasWork: Bool { !jobs.isEmpty || !work.isEmpty }

        mutating func newKey() -> UInt64 {
            lastKey += 1
            return lastKey
        }
    }

    private let epoll: Int32
    private let bell: Int32
    private let thread = Atomic<UInt>(0)
    private let state = Mutex(State())

    private init() throws(KithError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: 0))
        guard epoll >= 0, bell >= 0, epoll_ctl(epoll, EPOLL_CTL_ADD, bell, &event) == 0 else {
            throw KithError(.unavailable, "The kernel has no descriptors left.", hint: "Raise `ulimit -n`.")
        }
        DispatchQueue(label: "kith.keeper.loop").async { self.run() }
    }

    // MARK: Watching

    /// Calls `body` once, on the loop, when `descriptor` is ready; ``arm(_:for:)`` asks again.
    func watch(_ descriptor: Int32, for interest: Interest, _ body: @escaping Body) throws(KithError) -> Watch {
        let key = state.withLock { state in
            let key = state.newKey()
            state.watches[key] = body
            return key
        }
        var event = epoll_event(events: interest.events, data: epoll_data_t(u64: key))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            state.withLock { $0.watches[key] = nil }
            throw KithError(.limited, "The kernel cannot watch another descriptor.", hint: "End other commands first.")
        }
        return Watch(descriptor: descriptor, key: key)
    }

    /// Waits once more.
    func arm(_ watch: Watch, for interest: Interest) {
        var event = epoll_event(events: interest.events, data: epoll_data_t(u64: watch.key))
        epoll_ctl(epoll, EPOLL_CTL_MOD, watch.descriptor, &event)
    }

    /// Ends a watch: nothing is called for it afterwards, if asked on the loop.
    func forget(_ watch: Watch) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, watch.descriptor, nil)
        state.withLock { $0.watches[watch.key] = nil }
    }

    /// Calls `body` on the loop after `delay`, unless cancelled.
    func schedule(after delay: Duration, _ body: @escaping Body) -> Timer {
        let due = ContinuousClock.now.advanced(by: delay)
        let timer = state.withLock { state in
            let key = state.newKey()
            state.timers[key] = (due, body)
            return Timer(key: key)
        }
        ring()
        return timer
    }

    /// Forgets a time.
    func cancel(_ timer: Timer) {
        state.withLock { $0.timers[timer.key] = nil }
    }

    /// Calls `body` on the loop, soon.
    func perform(_ body: @escaping Body) {
        state.withLock { $0.work.append(body) }
        ring()
    }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        ring()
    }

    func checkIsolated() {
        precondition(thread.load(ordering: .relaxed) == pthread_self(), "not on the loop's thread")
    }

    // MARK: The thread

    private func ring() {
        guard thread.load(ordering: .relaxed) != pthread_self() else { return }
        let mustRing = state.withLock { state in
            defer { state.isWoken = true }
            return !state.isWoken
        }
        if mustRing { eventfd_write(bell, 1) }
    }

    private func run() -> Never {
        thread.store(pthread_self(), ordering: .relaxed)
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let count = Int(epoll_wait(epoll, &events, Int32(events.count), millisecondsToWait()))
            for event in events.prefix(max(0, count)) { fire(event.data.u64) }
            fireTimers()
            work()
        }
    }

    private func millisecondsToWait() -> Int32 {
        let next = state.withLock { state in
            state.hasWork ? ContinuousClock.now : state.timers.values.map(\.due).min()
        }
        guard let next else { return -1 }
        let wait = ContinuousClock.now.duration(to: next)
        guard wait > .zero else { return 0 }
        return Int32(clamping: wait / .milliseconds(1) < 60_000 ? Int(wait / .milliseconds(1)) + 1 : 60_000)
    }

    private func fire(_ key: UInt64) {
        guard key > 0 else {
            var count: eventfd_t = 0
            eventfd_read(bell, &count)
            return
        }
        state.withLock { $0.watches[key] }.map(call)
    }

    private func fireTimers() {
        let now = ContinuousClock.now
        let due = state.withLock { state in
            let due = state.timers.filter { $0.value.due <= now }
            for key in due.keys { state.timers[key] = nil }
            return due.values.sorted { $0.due < $1.due }.map(\.body)
        }
        for body in due { call(body) }
    }

    private func work() {
        let (work, jobs) = state.withLock { state in
            defer { (state.work, state.jobs, state.isWoken) = ([], [], false) }
            return (state.work, state.jobs)
        }
        for body in work { call(body) }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    /// This is the loop's thread, which the compiler cannot know: as `MainActor.assumeIsolated` does it.
    private func call(_ body: @escaping Body) {
        typealias Anywhere = @Sendable () -> Void
        unsafeBitCast(body, to: Anywhere.self)()
    }
}

/// Marks what runs on the loop, and there alone: the whole keeper.
@globalActor actor OnLoop {
    static let shared = OnLoop()

    /// Where there is no loop, nothing of ours is made that could run.
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        switch DescriptorLoop.shared {
        case .success(let loop): loop.asUnownedSerialExecutor()
        case .failure: MainActor.sharedUnownedExecutor
        }
    }
}
