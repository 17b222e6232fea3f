import KithAPI

/// Who leads each foreground job, and what becomes of one that nobody leads: it waits, and then it goes.
actor ForegroundWatch {
    /// Ended jobs that are kept for a client that may still fetch the end.
    static let endedLimit = 64

    private enum State {
        /// Led by the client with this number; told when another one takes over.
        case led(Int, onSuperseded: @Sendable () -> Void)
        /// Waits for its client.
        case waiting(Task<Void, Never>)
    }

    private let patience: Duration
    private var jobs: [JobID: State] = [:]
    private var ended: [JobID] = []
    private var lastNumber = 0

    /// A watch that waits so long for a client to come back.
    init(patience: Duration) { self.patience = patience }

    /// A client leads the job from now on; one that did before is told that it does no longer.
    func lead(_ id: JobID, onSuperseded: @escaping @Sendable () -> Void) -> Int {
        switch jobs[id] {
        case .led(_, let tell): tell()
        case .waiting(let task): task.cancel()
        case nil: break
        }
        lastNumber += 1
        jobs[id] = .led(lastNumber, onSuperseded: onSuperseded)
        return lastNumber
    }

    /// Whether the client with this number still leads.
    func isLed(_ id: JobID, by number: Int) -> Bool {
        if case .led(number, _) = jobs[id] { true } else { false }
    }

    /// The client's link was lost: when it does not come back in time, `end` is done.
    ///
    /// - Parameters:
    ///   - number: the client's; nil for a job of an earlier daemon.
    ///   - park: holds the job's output back, and lets go when its task is cancelled.
    func wait(
        _ id: JobID, leftBy number: Int?, holding park: @escaping @Sendable () async -> Void,
        _ end: @escaping @Sendable () async -> Void
    ) {
        guard number.map({ isLed(id, by: $0) }) ?? (jobs[id] == nil) else { return }
        let parked = Task { await park() }
        jobs[id] = .waiting(
            Task {
                defer { parked.cancel() }
                guard (try? await Task.sleep(for: patience)) != nil else { return }
                await end()
                self.release(id)
            })
    }

    /// Nobody leads it and nobody waits for it any more.
    func release(_ id: JobID) {
        if case .waiting(let task) = jobs[id] { task.cancel() }
        jobs[id] = nil
    }

    /// Keeps the end of a job for a client that may come back for it; answers which ones to forget now.
    func keepEnd(of id: JobID) -> [JobID] {
        release(id)
        ended.append(id)
        guard ended.count > Self.endedLimit else { return [] }
        defer { ended.removeFirst(ended.count - Self.endedLimit) }
        return Array(ended.prefix(ended.count - Self.endedLimit))
    }

    /// Lets the kept ends go after the time that a client has.
    func forgetLater(_ id: JobID, _ forget: @escaping @Sendable () async -> Void) {
        Task {
            try? await Task.sleep(for: patience)
            guard let index = ended.firstIndex(of: id) else { return }
            ended.remove(at: index)
            await forget()
        }
    }
}
