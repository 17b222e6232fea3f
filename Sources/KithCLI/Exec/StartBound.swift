import KithAPI
import KithClient

/// Holds `--timeout` against the time before a command starts: the other side counts from there on.
struct StartBound {
    /// The longest that may take; nil for ever.
    let seconds: Double?
    /// Of whom it is asked, for messages.
    let peer: String
    /// Whether the command has not started, asked once the time is up.
    let isAwaited: @Sendable () async -> Bool

    /// What `work` answers.
    ///
    /// - Throws: ``KithError`` `timed_out`; the request is taken back then.
    func keep<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard let seconds else { return try await work() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                guard await isAwaited() else { return nil }
                throw late
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private var late: KithError {
        KithError(
            .timedOut, "The command did not start in time: \(peer) has not answered.",
            hint: "The request is taken back. `kith peers status \(peer)` asks whether it is there.")
    }
}

extension StartBound {
    /// For forms that answer at the end of the command: what does not even answer a ping is taken for not started.
    init(seconds: Double?, of client: KithClient, on target: KithClient.Target) {
        let peer = if case .peer(let name) = target { name } else { "this node" }
        self.init(seconds: seconds, peer: peer) { await !client.isAnswering(target) }
    }
}

extension KithClient {
    /// Whether somebody answers within a second.
    func isAnswering(_ target: Target) async -> Bool {
        (try? await within(.seconds(1)) { try await call(Ping(), on: target) }) != nil
    }
}
