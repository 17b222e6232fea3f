import Logging
import Synchronization

/// Notes connections that were refused at `debug`, so many a minute at most: a stranger must not fill the disk.
final class RefusalLog: Sendable {
    private static let perMinute = 20

    private struct State {
        var count = 0
        var unsaid = 0
        var since = ContinuousClock.now
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(_ logger: Logger) { self.logger = logger }

    /// That a connection from `source` came to nothing.
    func note(_ reason: Logger.Message, from source: String?) {
        guard logger.logLevel <= .debug else { return }
        let unsaid: Int? = state.withLock { state in
            if ContinuousClock.now - state.since > .seconds(60) { state = State(unsaid: state.unsaid) }
            state.count += 1
            guard state.count <= Self.perMinute else {
                state.unsaid += 1
                return nil
            }
            defer { state.unsaid = 0 }
            return state.unsaid
        }
        guard let unsaid else { return }
        var facts: Logger.Metadata = ["source": "\(source ?? "unknown")"]
        if unsaid > 0 { facts["unsaid"] = "\(unsaid)" }
        logger.debug(reason, metadata: facts)
    }
}

extension Duration {
    /// In milliseconds with one digit, for logs.
    var milliseconds: String { "\((self / .milliseconds(1) * 10).rounded() / 10)" }
}
