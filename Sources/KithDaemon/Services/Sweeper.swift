import KithStore

/// Forgets expired entries once a minute; reading never shows them anyway.
struct Sweeper: Sendable {
    let store: Store

    /// Sweeps until cancelled.
    func run() async throws {
        while true {
            try await Task.sleep(for: .seconds(60))
            _ = try await store.context.sweep()
        }
    }
}
