import ServiceLifecycle

/// Work that goes on while the daemon runs, and is cancelled when it stops.
struct Background: Service {
    let work: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await work()
            } catch  where Task.isCancelled {
                // However the end of the work was worded: it was asked to end.
                return
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
