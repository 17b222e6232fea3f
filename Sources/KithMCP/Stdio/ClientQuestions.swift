import KithAPI

/// What we asked the client, in the older era, and who waits for the answers.
actor ClientQuestions {
    /// The most that wait at once.
    static let maximum = 32

    private let send: @Sendable ([UInt8]) async -> Void
    private var waiting: [RequestID: CheckedContinuation<JSONValue, any Error>] = [:]
    private var count = 0
    private var isClosed = false

    init(send: @escaping @Sendable ([UInt8]) async -> Void) { self.send = send }

    /// Asks, and waits for the answer.
    ///
    /// - Throws: ``KithError`` `cancelled` where the task was cancelled or the client has gone, `denied` where
    ///   the client answered with an error.
    func ask(_ method: String, _ params: [String: JSONValue]) async throws -> JSONValue {
        guard waiting.count < Self.maximum, !isClosed else {
            throw KithError(
                .limited, "Too many questions wait for the user.", hint: "Try again when they are answered.")
        }
        count += 1
        let id = RequestID.text("kith-\(count)")
        let (send, line) = (send, Envelope.request(method, params, id: id))
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled || isClosed { return continuation.resume(throwing: Self.gone) }
                waiting[id] = continuation
                // Sent once there is somebody to take the answer, which may come before the sending returns.
                Task { await send(line) }
            }
        } onCancel: {
            Task { await self.withdraw(id) }
        }
    }

    /// The client answered.
    func settle(_ id: RequestID, _ answer: Result<JSONValue, RPCError>) {
        waiting.removeValue(forKey: id)?.resume(
            with: answer.mapError { error in
                KithError(.denied, "The client could not ask the user: \(error.message)")
            })
    }

    /// Nobody will answer any more.
    func close() {
        isClosed = true
        for id in Array(waiting.keys) { waiting.removeValue(forKey: id)?.resume(throwing: Self.gone) }
    }

    private func withdraw(_ id: RequestID) async {
        guard let waiter = waiting.removeValue(forKey: id) else { return }
        waiter.resume(throwing: Self.gone)
        await send(Envelope.notification("notifications/cancelled", ["requestId": id.json]))
    }

    private static let gone = KithError(.cancelled, "The question was withdrawn.")
}
