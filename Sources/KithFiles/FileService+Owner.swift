import FoundationEssentials
public import KithAPI

extension FileService {
    /// Sends files of this machine over `duplex`, a pipe to a peer's ``PutFiles`` whose opening was already
    /// sent, for the owner. Outcomes are read while content flows.
    ///
    /// `report` hears of progress at most ten times a second, of every outcome, and at last `done` with the
    /// peer's summary, which is also the answer.
    ///
    /// The caller closes the pipe when this throws.
    ///
    /// - Throws: what the peer failed with, `peer.offline` if it vanished, `request.invalid` unless there are 1 to
    ///   1,000 sources, `limited` over 32 transfers, and what `report` throws.
    public func send(
        _ sources: [String], over duplex: Duplex, report: @escaping @Sendable (TransferEvent) async throws -> Void
    ) async throws -> TransferSummary {
        try await slots.run {
            try Sources.check(sources)
            let reporter = Reporter(now: now, tell: report)
            let boundary = Boundary(ownerAt: home)
            let sender = Sender(packer: Packer(sources, in: boundary), duplex: duplex)
            let summary = try await withThrowingTaskGroup(of: TransferSummary?.self) { group in
                group.addTask { try await push(sender, reporter) }
                group.addTask { try await awaitOutcomes(duplex, reporter) }
                group.addTask {
                    await reporter.expect(await Survey(sources, in: boundary).total())
                    return nil
                }
                defer { group.cancelAll() }
                while let finished = try await group.next() {
                    if let finished { return finished }
                }
                throw KithError(.internalError, "The transfer ended without a summary.")
            }
            try await reporter.done(summary)
            return summary
        }
    }

    /// Fetches what a peer sends over `duplex`, a pipe to its ``GetFiles`` whose opening was already sent, and
    /// places it at `destination` for the owner. `report` hears as in ``send(_:over:report:)``.
    ///
    /// - Parameters:
    ///   - destination: absolute, or relative to the home folder; the exact name for a single source, or a folder.
    ///   - sources: the paths that the peer was asked for: what it sends must bear their names.
    /// - Throws: as ``send(_:over:report:)``; `not_found` and `file.permission` for the destination.
    public func receive(
        into destination: String, sources: [String], over duplex: Duplex,
        report: @escaping @Sendable (TransferEvent) async throws -> Void
    ) async throws -> TransferSummary {
        let reporter = Reporter(now: now, tell: report)
        let summary = try await timed {
            try Sources.check(sources)
            let unpacker = try await questions.run { try self.unpacker(for: sources, at: destination) }
            return try await Receiver(unpacker: unpacker, duplex: duplex).run { outcome in
                try await reporter.placed(outcome)
            } received: { count in
                try await reporter.moved(count)
            }
        }
        try await reporter.done(summary)
        return summary
    }

    private func unpacker(for sources: [String], at destination: String) throws -> Unpacker {
        let boundary = Boundary(ownerAt: home)
        let landing = try Landing(destination, isSeveral: sources.count > 1, in: boundary)
        let names = landing.name == nil ? try Sources.names(sources) : sources.map { _ in FileName([]) }
        return Unpacker(landing, in: boundary, expecting: names)
    }

    /// Sends everything and the end. That the pipe broke is not yet the answer: the other direction knows why.
    private func push(_ sender: Sender, _ reporter: Reporter) async throws -> TransferSummary? {
        do {
            try await sender.run { count in
                do { try await reporter.moved(count) } catch { throw ListenerGone(error: error) }
            }
            try await sender.duplex.send(Frame(.end))
        } catch let gone as ListenerGone {
            throw gone.error
        } catch {
            try Task.checkCancellation()
        }
        return nil
    }

    private struct ListenerGone: Error {
        let error: any Error
    }

    private func awaitOutcomes(_ duplex: Duplex, _ reporter: Reporter) async throws -> TransferSummary {
        while let frame = try await duplex.receive() {
            switch frame.kind {
            case .event: try await reporter.placed(try frame.decode(TransferOutcome.self))
            case .end: return try frame.decode(TransferSummary.self)
            case .failure: throw try frame.decode(KithError.self)
            default: throw KithError(.protocolViolation, "The receiver sent a frame that does not belong here.")
            }
        }
        throw KithError(
            .peerOffline, "The other side went away in the middle of the transfer.", hint: "Start it again.")
    }
}
