import FoundationEssentials
public import KithAPI

extension FileService {
    /// Sends files of this machine over `duplex`, a pipe to a peer's ``PutFiles`` whose opening was already
    /// sent, for the owner. Outcomes are read while content flows.
    ///
    /// `report` hears of progress at most ten times a second, of every outcome (of failures only, if the request is
    /// terse), and at last `done` with the peer's summary, which is also the answer.
    ///
    /// The caller closes the pipe when this throws.
    ///
    /// - Throws: what the peer failed with, `peer.offline` if it vanished, `request.invalid` unless there are 1 to
    ///   1,000 sources, `limited` over 32 transfers, `timed_out` when nothing moves for five
    ///   minutes, and what `report` throws.
    public func send(
        _ request: SendFiles, over duplex: Duplex, report: @escaping @Sendable (TransferEvent) async throws -> Void
    ) async throws -> TransferSummary {
        let reporter = Reporter(isTerse: request.isTerse == true, now: now, tell: report)
        let summary = try await timed(for: .owner, over: duplex) { duplex in
            try Sources.check(request.sources)
            let boundary = Boundary(ownerAt: home)
            let sender = Sender(packer: Packer(request.sources, in: boundary), duplex: duplex)
            return try await withThrowingTaskGroup(of: TransferSummary?.self) { group in
                group.addTask { try await push(sender, reporter) }
                group.addTask { try await awaitVerdicts(sender, reporter) }
                if request.wantsTotal == true {
                    group.addTask {
                        await reporter.expect(await Survey(request.sources, in: boundary).total())
                        return nil
                    }
                }
                return try await Self.first(of: &group)
            }
        }
        try await reporter.done(summary)
        return summary
    }

    /// Fetches what a peer sends over `duplex`, a pipe to its ``GetFiles`` whose opening was already sent, and
    /// places it where `request` says for the owner. `report` hears as in ``send(_:over:report:)``.
    ///
    /// - Throws: as ``send(_:over:report:)``; `not_found` and `file.permission` for the destination.
    public func receive(
        _ request: PullFiles, over duplex: Duplex, report: @escaping @Sendable (TransferEvent) async throws -> Void
    ) async throws -> TransferSummary {
        let reporter = Reporter(isTerse: request.isTerse == true, now: now, tell: report)
        let summary = try await timed(for: .owner, over: duplex) { duplex in
            try Sources.check(request.sources)
            let plan = try await questions.run { try self.plan(for: request) }
            let summary = try await Receiver(unpacker: Unpacker(plan), duplex: duplex).run { news in
                switch news {
                case .moved(let bytes, let total): try await reporter.moved(to: bytes, of: total)
                case .verdicts(let verdicts): try await reporter.placed(verdicts)
                }
            }
            try await Self.close(duplex)
            return summary
        }
        try await reporter.done(summary)
        return summary
    }

    private func plan(for request: PullFiles) throws -> Plan {
        let boundary = Boundary(ownerAt: home)
        let isSeveral = Sources.areSeveral(request.sources)
        let manner = Landing.Manner(isSeveral: isSeveral, isDryRun: request.isDryRun == true)
        let landing = try Landing(request.destination, manner, in: boundary)
        let names = landing.name == nil ? try Sources.expected(request.sources) : nil
        return Plan(
            landing: landing, boundary: boundary, expected: names, sources: request.sources.count,
            isDryRun: manner.isDryRun, now: seconds)
    }

    /// Everything is on disk; what the other side makes of it changes nothing.
    private static func close(_ duplex: Duplex) async throws {
        try? await duplex.send(Frame(.end))
        while let frame = try? await duplex.receive(), frame.kind != .end, frame.kind != .failure {}
        try Task.checkCancellation()
    }

    /// Sends everything. That the pipe broke is not yet the answer: the other direction knows why.
    private func push(_ sender: Sender, _ reporter: Reporter) async throws -> TransferSummary? {
        do {
            try await sender.run { count in
                do { try await reporter.moved(by: count) } catch { throw ListenerGone(error: error) }
            }
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

    private func awaitVerdicts(_ sender: Sender, _ reporter: Reporter) async throws -> TransferSummary? {
        let heard = try await sender.listen { news in
            try await reporter.placed(news.verdicts)
            if news.sparedBytes > 0 { try await reporter.moved(by: news.sparedBytes) }
        }
        guard let summary = heard.summary else {
            throw KithError(.protocolViolation, "The receiver ended without a summary.")
        }
        return summary
    }

    /// What the first task with an answer says; the others are cancelled.
    static func first(of group: inout ThrowingTaskGroup<TransferSummary?, any Error>) async throws -> TransferSummary {
        defer { group.cancelAll() }
        while let finished = try await group.next() {
            if let finished { return finished }
        }
        throw KithError(.internalError, "The transfer ended without a summary.")
    }
}
