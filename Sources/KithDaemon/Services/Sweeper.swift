import KithStore

/// Forgets what has expired once a minute; reading never shows it anyway.
struct Sweeper: Sendable {
    let store: Store
    let talk: Talk

    /// Sweeps until cancelled.
    func run() async throws {
        while true {
            try await Task.sleep(for: .seconds(60))
            _ = try await store.context.sweep()
            try await talk.sweep()
        }
    }
}
