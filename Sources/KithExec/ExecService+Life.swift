public import KithAPI
import KithKeeper

/// What goes on without a request: ends, leave that is taken, jobs of an earlier daemon.
extension ExecService {
    /// Finds the jobs that an earlier daemon left, and follows the ends of all; until cancelled.
    public func run() async {
        await adopt()
        for await record in keeper.ends { await ended(record) }
    }

    /// Ends what a peer may do no longer, in the same moment; asked whenever its grants change or it is unpaired.
    /// What it detached runs on.
    public func review(_ peer: PeerID) {
        Task {
            if !node.holds(peer, .exec) { await endForeground(of: peer) }
            if !node.holds(peer, .exec), !node.holds(peer, .terminal) { await approvals.withdraw(of: peer) }
        }
    }

    /// That this daemon goes: from now on whoever is cut off has not hung up, and its command waits for the next one.
    public func prepareToStop() { isStopping.set() }

    /// Ends every job, and returns when all are reaped; for whoever stops the node for good.
    public func stopAll() async throws { try await keeper.stopAll(grace: nil) }

    /// Lets go of the keeper; jobs run on.
    public func close() async { await keeper.close() }

    // MARK: Parts

    private func endForeground(of peer: PeerID) async {
        for id in ledger.foreground(of: .peer(peer)) {
            guard let job = try? await keeper.job(id) else { continue }
            job.requestEnd()
        }
    }

    private func adopt() async {
        for record in (try? await keeper.jobs()) ?? [] {
            guard let note = JobNote(record.note) else { continue }
            switch record.state {
            case .running: await adopt(record, note)
            case .ended where !record.isDetached, .lost where !record.isDetached:
                await foreground.keepFoundEnd(of: record.id)
            case .ended, .lost: break
            }
        }
        Confinement.sweep()
    }

    private func adopt(_ record: JobRecord, _ note: JobNote) async {
        guard ledger.find(record.id, of: note.holder, isDetached: record.isDetached) else { return }
        // One of our own may have ended since the keeper was asked, and nobody tells of its end any more.
        guard let job = try? await keeper.job(record.id), (try? await job.record())?.state == .running else {
            return ledger.end(record.id)
        }
        guard !record.isDetached else { return }
        await waitForClient(job, leftBy: nil)
    }

    /// An audit that cannot be written stops new commands, at the router; what has ended has ended.
    private func ended(_ record: JobRecord) async {
        ledger.end(record.id)
        guard let note = JobNote(record.note) else { return }
        await JobStarter.tidy(note)
        guard record.isDetached else { return }
        let event = ExecEvent(
            caller: Self.caller(note), action: "job.end", object: "\(record.id) \(note.title)",
            result: Self.word(record))
        try? await node.record(event)
    }

    private static func caller(_ note: JobNote) -> Caller {
        guard let peer = note.peer, let name = PeerName(whole: note.startedBy) else { return .owner }
        return .peer(Peer(id: peer, name: name, grants: GrantSet()))
    }

    private static func word(_ record: JobRecord) -> String {
        guard case .ended(let end) = record.state else { return ErrorCode.jobLost.rawValue }
        let told = CommandEnd(jobID: record.id, end)
        return told.timedOut ? "timed_out" : told.signal.map { "signal \($0)" } ?? "exit \(told.exitCode)"
    }
}
