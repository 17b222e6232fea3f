import Logging
import ServiceLifecycle

/// Work that goes on while the daemon runs, and is cancelled when it stops.
///
/// A failure (a full disk, say) is logged and the work begun again, after 1, 2, 4 … seconds, at most five minutes:
/// no work in the background is worth the end of the daemon.
struct Background: Service {
    let name: String
    let logger: Logger
    /// What one second of the pauses is.
    var second = Duration.seconds(1)
    let work: @Sendable () async throws -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                do {
                    return try await work()
                } catch  where Task.isCancelled {
                    // However the end of the work was worded: it was asked to end.
                    return
                } catch {
                    logger.error("\(name) failed and will be tried again: \(error)")
                }
                failures += 1
                try? await Task.sleep(for: second * min(1 << min(failures - 1, 9), 300))
            }
        }
    }
}

/// Work that begins when the daemon is told to stop.
struct Farewell: Service {
    let work: @Sendable () async -> Void

    func run() async throws {
        try? await gracefulShutdown()
        await work()
    }
}
