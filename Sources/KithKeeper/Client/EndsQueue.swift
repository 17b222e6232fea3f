import KithAPI

/// Ends that were told to us, until somebody takes them.
actor EndsQueue {
    /// More than this the keeper tells again to the next daemon.
    private static let limit = 1024

    private var link: KeeperLink?
    private var pending: [JobRecord] = []
    private var handedOut: JobID?
    private var taker: CheckedContinuation<JobRecord?, Never>?
    private var isFinished = false

    /// Ends are confirmed over this link from now on.
    func use(_ link: KeeperLink?) { self.link = link }

    func add(_ record: JobRecord) {
        guard handedOut != record.id, !pending.contains(where: { $0.id == record.id }) else { return }
        if let taker {
            self.taker = nil
            handedOut = record.id
            return taker.resume(returning: record)
        }
        pending.append(record)
        if pending.count > Self.limit { pending.removeFirst() }
    }

    /// The next end; asking for it confirms the one before.
    func next() async -> JobRecord? {
        confirm()
        guard pending.isEmpty else {
            let record = pending.removeFirst()
            handedOut = record.id
            return record
        }
        guard !isFinished, taker == nil else { return nil }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { taker = $0 }
        } onCancel: {
            Task { await self.finish() }
        }
    }

    func finish() {
        isFinished = true
        taker?.resume(returning: nil)
        taker = nil
    }

    private func confirm() {
        guard let id = handedOut, let link else { return }
        handedOut = nil
        guard let frame = try? Frame(.event, json: KeeperQuestion(.told, job: id)) else { return }
        link.sendNow(frame)
    }
}
