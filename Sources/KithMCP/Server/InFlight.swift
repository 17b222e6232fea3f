import KithAPI

/// The requests that are being served for one client, so that each can be found and cancelled.
actor InFlight {
    /// The most that one client may have at once.
    static let maximum = 256

    private struct Entry {
        let task: Task<Void, Never>
        let isListening: Bool
    }

    private var entries: [RequestID: Entry] = [:]
    /// Requests whose answers have not been sent.
    private var open = 0
    private var cancelled: Set<RequestID> = []
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Serves a request in a task of its own, because its cancellation enters as a message.
    ///
    /// - Parameter send: gets the answer; nil where nobody wants it any more.
    /// - Throws: ``RPCError`` where the id is in use, or too many are being served.
    func begin(
        _ id: RequestID, isListening: Bool, _ work: @escaping @Sendable () async -> Answer,
        send: @escaping @Sendable (Answer?) async -> Void
    ) throws(RPCError) {
        guard entries[id] == nil else {
            throw .invalidRequest("The id is in use by a request that has not been answered.")
        }
        // What has been answered and not read counts, too: else a client that does not read fills our memory.
        guard open < Self.maximum else {
            throw RPCError(KithError(.limited, "More than \(Self.maximum) requests at once.", hint: "Wait for some."))
        }
        open += 1
        let task = Task {
            let answer = await work()
            // A client that has its answer may use the id again.
            await send(self.settle(id) ? answer : nil)
            self.sent()
        }
        entries[id] = Entry(task: task, isListening: isListening)
    }

    /// Whether the answer to a request is still wanted; its id is free.
    private func settle(_ id: RequestID) -> Bool {
        entries[id] = nil
        return cancelled.remove(id) == nil
    }

    private func sent() {
        open -= 1
        if open == 0 { wake() }
    }

    private func wake() {
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    /// Whether a request with this id has not been answered yet.
    func isServing(_ id: RequestID) -> Bool { entries[id] != nil }

    /// Stops the work of a request; nothing more is sent for it.
    func cancel(_ id: RequestID) {
        guard let entry = entries[id] else { return }
        cancelled.insert(id)
        entry.task.cancel()
    }

    /// Whether something may still be sent for a request.
    func isWanted(_ id: RequestID) -> Bool { !cancelled.contains(id) }

    /// Ends the subscriptions, which answer with their result.
    func endSubscriptions() {
        for entry in entries.values where entry.isListening { entry.task.cancel() }
    }

    /// Stops everything.
    func cancelAll() {
        for id in Array(entries.keys) { cancel(id) }
    }

    /// Returns when nothing is being served, or the time is up.
    func waitUntilIdle(atMost span: Duration) async {
        guard open > 0 else { return }
        let alarm = Task {
            try await Task.sleep(for: span)
            wake()
        }
        await withCheckedContinuation { waiters.append($0) }
        alarm.cancel()
    }
}
