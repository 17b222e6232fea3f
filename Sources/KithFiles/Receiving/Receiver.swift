import KithAPI

/// Feeds what arrives to an unpacker, has it committed, and carries the answers back: three tasks, so that the disk,
/// the hash and the network work at the same time.
struct Receiver {
    let unpacker: Unpacker
    let duplex: Duplex
    private let committer = Committer()

    init(unpacker: Unpacker, duplex: Duplex) {
        self.unpacker = unpacker
        self.duplex = duplex
    }

    /// What whoever follows the transfer hears.
    enum News: Sendable {
        case moved(bytes: Int, of: Int?)
        case verdicts([EntryVerdict])
    }

    /// Receives until the sender is over and everything is on disk.
    ///
    /// - Throws: what the sender failed with, `peer.offline` if it vanished, or what `news` throws. Parts of large
    ///   files stay then, to be gone on with.
    func run(news: @escaping @Sendable (News) async throws -> Void) async throws -> TransferSummary {
        do {
            return try await withThrowingTaskGroup(of: TransferSummary?.self) { group in
                group.addTask { try await takeAll(news) }
                group.addTask { try await commitAll(news) }
                group.addTask { try await sayAll() }
                defer { group.cancelAll() }
                var summary: TransferSummary?
                for try await result in group { summary = result ?? summary }
                guard let summary else { throw KithError(.internalError, "The transfer ended without a summary.") }
                return summary
            }
        } catch {
            await unpacker.abandon()
            throw error
        }
    }

    private func takeAll(_ news: (News) async throws -> Void) async throws -> TransferSummary? {
        var isOver = false
        while !isOver {
            let arrival = try await unpacker.take(try await duplex.content())
            if !arrival.verdicts.isEmpty { try await news(.verdicts(arrival.verdicts)) }
            try await news(.moved(bytes: arrival.movedBytes, of: arrival.totalBytes))
            isOver = arrival.isOver
        }
        return nil
    }

    private func commitAll(_ news: (News) async throws -> Void) async throws -> TransferSummary? {
        while let batch = try await unpacker.batch() {
            let verdicts = await unpacker.settle(batch, await committer.commit(batch))
            try await news(.verdicts(verdicts))
        }
        return await unpacker.sumUp()
    }

    private func sayAll() async throws -> TransferSummary? {
        while let bytes = try await unpacker.speech() { try await duplex.send(Frame(.extra, bytes)) }
        return nil
    }
}

extension Duplex {
    /// The next frame.
    ///
    /// - Throws: what the other side failed with, or `peer.offline` if it vanished or ended too early.
    func content() async throws -> Frame {
        guard let frame = try await receive(), frame.kind != .end else {
            throw KithError(
                .peerOffline, "The other side went away in the middle of the transfer.",
                hint: "Start it again: what has arrived is kept.")
        }
        if frame.kind == .failure { throw try frame.decode(KithError.self) }
        return frame
    }
}
