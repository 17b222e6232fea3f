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

    private let signals: Signals
    private var pending: [Word] = []
    private var waiter: CheckedContinuation<Void, Never>?
    private var lastInterrupt: ContinuousClock.Instant?
    private var hasTerminated = false

    private init() { signals = Signals([SIGINT, SIGTERM]) }

    /// Takes the signals of this process over, until it ends.
    static func begin() -> Interruptions {
        let interruptions = Interruptions()
        Task { await interruptions.listen() }
        return interruptions
    }

    /// Whether something was said that nobody has acted on.
    var isPending: Bool { !pending.isEmpty }

    /// What the next signal means; nil when the task was cancelled. One caller at a time.
    func next() async -> Word? {
        while pending.isEmpty, !Task.isCancelled { await arrival() }
        return Task.isCancelled ? nil : pending.removeFirst()
    }

    /// What `signal` means at this moment.
    func meaning(of signal: Int32, at now: ContinuousClock.Instant) -> Word {
        guard signal == SIGINT else {
            defer { hasTerminated = true }
            return hasTerminated ? .leave(128 + signal) : .pass(.terminate)
        }
        defer { lastInterrupt = now }
        guard let last = lastInterrupt, last.duration(to: now) <= Self.span else { return .pass(.interrupt) }
        return .detach
    }

    private func listen() async {
        for await signal in signals.stream {
            pending.append(meaning(of: signal, at: .now))
            wake()
        }
    }

    private func arrival() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume() }
                waiter = continuation
            }
        } onCancel: {
            Task { await self.wake() }
        }
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}
