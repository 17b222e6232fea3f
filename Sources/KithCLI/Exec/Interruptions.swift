import ArgumentParser
import Glibc
import KithAPI

/// What Ctrl-C and TERM mean while a command runs elsewhere: the first is the command's, the second within a second
/// lets it run on alone; a second TERM leaves at once.
actor Interruptions {
    /// What to do.
    enum Word: Sendable, Equatable {
        case pass(CommandSignal.Name)
        case detach
        /// Leave with this exit code.
        case leave(Int32)
    }

    /// Two interrupts as close as this mean to detach.
    static let span = Duration.seconds(1)

    private var isListening = false
    private var pending: [Word] = []
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var lastInterrupt: ContinuousClock.Instant?
    private var hasTerminated = false
    private var isDoubted = false
    /// Whether a command hears of them.
    private var isHeard = false

    /// Takes the signals of this process over, until it ends. Not before a command hears of them: until then they end
    /// the process, as they end any.
    func begin() {
        guard !isListening else { return }
        isListening = true
        let signals = Signals([SIGINT, SIGTERM])
        Task { await listen(signals) }
    }

    /// That a command hears of them from now on, or no longer.
    func areHeard(_ isHeard: Bool) { self.isHeard = isHeard }

    /// That the other side does not answer: the next interrupt is the person's way out, however late it comes.
    func doubt() { isDoubted = true }

    /// What the next signal means; nil when the task was cancelled. One caller at a time.
    func next() async -> Word? {
        while pending.isEmpty, !Task.isCancelled { await arrival() }
        return Task.isCancelled ? nil : pending.removeFirst()
    }

    /// Returns when somebody wants to leave while no command hears of it, or the task is cancelled.
    func untilUnheard() async {
        while pending.isEmpty || isHeard, !Task.isCancelled { await arrival() }
    }

    /// What `signal` means at this moment.
    func meaning(of signal: Int32, at now: ContinuousClock.Instant) -> Word {
        guard signal == SIGINT else {
            defer { hasTerminated = true }
            return hasTerminated ? .leave(128 + signal) : .pass(.terminate)
        }
        defer { lastInterrupt = now }
        if isDoubted { return .detach }
        guard let last = lastInterrupt, last.duration(to: now) <= Self.span else { return .pass(.interrupt) }
        return .detach
    }

    private func listen(_ signals: Signals) async {
        for await signal in signals.stream {
            pending.append(meaning(of: signal, at: .now))
            wake()
        }
    }

    private func arrival() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume() }
                waiters.append(continuation)
            }
        } onCancel: {
            Task { await self.wake() }
        }
    }

    private func wake() {
        let woken = waiters
        waiters = []
        for waiter in woken { waiter.resume() }
    }
}
