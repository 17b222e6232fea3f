import KithAPI

/// Who leads each foreground job, and what becomes of one that nobody leads: it waits, and then it goes.
actor ForegroundWatch {
    /// Ended jobs that are kept at the most for a client that may still fetch the end; half of them go when there are
    /// more.
    static let endedLimit = 128

    private enum State {
        /// Led by the client with this number; told when another one takes over.
        case led(Int, onSuperseded: @Sendable () -> Void)
        /// Waits for its client.
        case waiting(Task<Void, Never>)
    }

    private let patience: Duration
    private var jobs: [JobID: State] = [:]
    private var ended: [(id: JobID, due: ContinuousClock.Instant)] = []
    private var sweeper: Task<Void, Never>?
    private var lastNumber = 0
    private let forget: @Sendable (JobID) async -> Void

    /// A watch that waits so long for a client to come back, and then has what has ended forgotten.
    init(patience: Duration, forget: @escaping @Sendable (JobID) async -> Void) {
        self.patience = patience
        self.forget = forget
    }

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

    /// As ``keepEnd(of:)``, for a job that was found ended: one that somebody leads was started since, and is its own.
    func keepFoundEnd(of id: JobID) {
        guard jobs[id] == nil, !ended.contains(where: { $0.id == id }) else { return }
        keepEnd(of: id)
    }

    /// The client has been sent the end of a job; what it did not receive it may still fetch for a while.
    func keepEnd(of id: JobID) {
        release(id)
        ended.append((id, .now + patience))
        if ended.count > Self.endedLimit { forgetOldest(Self.endedLimit / 2) }
        // One for all, not one for each: a short command shall not cost a timer.
        if sweeper == nil { sweeper = Task { await sweep() } }
    }

    private func sweep() async {
        while let first = ended.first {
            try? await Task.sleep(until: first.due, clock: .continuous)
            forgetOldest(ended.prefix { $0.due <= .now }.count)
        }
        sweeper = nil
    }

    /// Beside all else: nobody waits for it.
    private func forgetOldest(_ count: Int) {
        let old = ended.prefix(count).map(\.id)
        ended.removeFirst(count)
        Task { [forget] in for id in old { await forget(id) } }
    }
}
