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
    private var cancelled: Set<RequestID> = []
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Serves a request in a task of its own, because its cancellation enters as a message.
    ///
    /// - Throws: ``RPCError`` where the id is in use, or too many are being served.
    func begin(_ id: RequestID, isListening: Bool, _ work: @escaping @Sendable () async -> Void) throws(RPCError) {
        guard entries[id] == nil else {
            throw .invalidRequest("The id is in use by a request that has not been answered.")
        }
        guard entries.count < Self.maximum else {
            throw RPCError(KithError(.limited, "More than \(Self.maximum) requests at once.", hint: "Wait for some."))
        }
        let task = Task {
            await work()
            self.ended(id)
        }
        entries[id] = Entry(task: task, isListening: isListening)
    }

    private func ended(_ id: RequestID) {
        entries[id] = nil
        cancelled.remove(id)
        if entries.isEmpty { wake() }
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
        guard !entries.isEmpty else { return }
        let alarm = Task {
            try await Task.sleep(for: span)
            wake()
        }
        await withCheckedContinuation { waiters.append($0) }
        alarm.cancel()
    }
}
