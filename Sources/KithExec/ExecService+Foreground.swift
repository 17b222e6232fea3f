import KithAPI
import KithKeeper

/// Jobs that belong to the client that started them: they end with it, and wait for it when only its link broke.
extension ExecService {
    /// Leads `job` from `cursor` on, until it ends or its client goes.
    func lead(_ job: HeldJob, over stream: CommandStream, from cursor: Int) async throws -> CommandEnd {
        let superseded = AsyncStream.makeStream(of: Never.self)
        let number = await foreground.lead(job.id) { superseded.continuation.finish() }
        let outcome = try await withThrowingTaskGroup(of: CommandStream.Outcome?.self) { group in
            group.addTask { try await stream.join(from: cursor, leads: true) }
            group.addTask {
                for await _ in superseded.stream {}
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard await foreground.isLed(job.id, by: number) else { throw Self.takenOver }
        // A cancelled task asks nobody anything any more, and what follows has to be done.
        let how = left(by: outcome)
        return try await Task { try await settle(stream, how, ledBy: number) }.value
    }

    /// Whoever is cancelled has hung up, unless it is this daemon that goes.
    private func left(by outcome: CommandStream.Outcome?) -> CommandStream.Outcome {
        switch outcome {
        case .hungUp, nil: isStopping.isSet ? .linkLost : .hungUp
        case .linkLost where Task.isCancelled && !isStopping.isSet: .hungUp
        case .ended, .linkLost, .failed: outcome ?? .hungUp
        }
    }

    /// What follows from how a client left its job.
    private func settle(_ stream: CommandStream, _ outcome: CommandStream.Outcome, ledBy number: Int) async throws
        -> CommandEnd
    {
        let job = stream.job
        switch outcome {
        case .ended(let end):
            ledger.end(job.id)
            await foreground.keepEnd(of: job.id)
            return CommandEnd(jobID: job.id, end, sandbox: stream.sandbox)
        case .hungUp:
            try await endUnlessDetached(job)
            throw KithError(.cancelled, "The asking side went away, and the command was ended.")
        case .failed(let error):
            try await endUnlessDetached(job)
            throw error
        case .linkLost:
            await waitForClient(job, leftBy: number)
            throw KithError.linkLost("The link to the asking side was lost.")
        }
    }

    private func endUnlessDetached(_ job: HeldJob) async throws {
        await foreground.release(job.id)
        if let record = try? await job.record(), record.isDetached {
            throw KithError(.cancelled, "The asking side went away; the command runs on.")
        }
        await end(job)
    }

    /// Lets a job that nobody leads wait for its client; it is paused before anything is lost that it writes.
    func waitForClient(_ job: HeldJob, leftBy number: Int?) async {
        if let record = try? await job.record(), record.isDetached { return await foreground.release(job.id) }
        await foreground.wait(job.id, leftBy: number, holding: { await Self.park(job) }) { await endUnattended(job) }
    }

    /// What was under way to the client, at the most, counts as not received.
    private static let underWay = 8 << 20

    /// Leads a job without reading, from where its client can be, until the task is cancelled.
    private static func park(_ job: HeldJob) async {
        guard let record = try? await job.record(),
            let follower = try? await job.follow(from: max(0, record.outputBytes - underWay), leads: true)
        else { return }
        try? await Task.sleep(for: .seconds(86_400))
        follower.cancel()
    }

    private func endUnattended(_ job: HeldJob) async {
        guard let record = try? await job.record(), !record.isDetached else { return }
        await end(job)
    }

    // MARK: Ends

    /// Ends a job and returns when it is reaped, also in a task that was cancelled.
    func end(_ job: HeldJob) async {
        await JobStarter.end(job)
        await Task { await settle(job.id) }.value
    }

    /// Nothing of an ended job is needed any more.
    func settle(_ id: JobID) async {
        ledger.end(id)
        await foreground.release(id)
        try? await keeper.forget(id)
    }

    func detach(_ job: HeldJob) async throws {
        try await job.detach()
        ledger.detach(job.id)
    }

    private static var takenOver: KithError {
        KithError(.conflict, "Another client took the command over.")
    }
}
