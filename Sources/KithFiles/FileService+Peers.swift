import FoundationEssentials
public import KithAPI

extension FileService {
    /// Places what comes over `duplex`, whose opening was already read; the caller sends the end from the
    /// answer. The sender hears what became of each entry, once it is whole, verified and on disk.
    ///
    /// - Throws: `denied` outside of what the caller may write, `not_found` without a folder to place into,
    ///   `request.invalid`, `limited` over 8 transfers of a peer, 32 of all or 32 of the owner, `timed_out` when nothing
    ///   moves for five minutes, `protocol`, `peer.offline` if the sender vanished; and the first failure if nothing at all could be placed, so that the audit does not call it a success.
    public func put(_ request: PutFiles, over duplex: Duplex, from caller: Caller) async throws -> TransferSummary {
        try await timed(for: caller, over: duplex) { duplex in
            let plan = try await questions.run {
                let boundary = boundary(caller, .filesWrite)
                let isDryRun = request.isDryRun == true
                let landing = try Landing(request.destination, .init(isDryRun: isDryRun), in: boundary)
                return Plan(
                    landing: landing, boundary: boundary, isDryRun: isDryRun, tellsVerdicts: true, now: seconds)
            }
            let unpacker = Unpacker(plan)
            let summary = try await Receiver(unpacker: unpacker, duplex: duplex).run { _ in }
            return try summary.orFailure(await unpacker.firstFailure)
        }
    }

    /// Sends what was asked for over `duplex`, whose opening was already read; the caller sends the end from
    /// the answer. A path that cannot be read is told with its error, and the rest goes on.
    ///
    /// - Throws: `request.invalid` unless 1 to 1,000 paths are asked for, `limited` and `timed_out` as above, what the
    ///   pipe throws when the receiver has gone, and the first failure if nothing at all could be read.
    public func get(_ request: GetFiles, over duplex: Duplex, from caller: Caller) async throws -> TransferSummary {
        try await timed(for: caller, over: duplex) { duplex in
            try Sources.check(request.paths)
            let boundary = try await questions.run { self.boundary(caller, .filesRead) }
            let packer = Packer(request.paths, in: boundary)
            let sender = Sender(packer: packer, duplex: duplex)
            let summary = try await withThrowingTaskGroup(of: TransferSummary?.self) { group in
                group.addTask {
                    try await sender.run { _ in }
                    return nil
                }
                group.addTask {
                    _ = try await sender.listen { _ in }
                    return await packer.sent()
                }
                if request.wantsTotal == true {
                    group.addTask {
                        await packer.expect(await Survey(request.paths, in: boundary).total())
                        return nil
                    }
                }
                return try await Self.first(of: &group)
            }
            return try summary.orFailure(await packer.firstFailure)
        }
    }

    /// Runs a transfer in a slot of `caller`, for as long as something moves, and adds the time that it took.
    func timed(
        for caller: Caller, over duplex: Duplex, _ body: @escaping @Sendable (Duplex) async throws -> TransferSummary
    ) async throws -> TransferSummary {
        try await slots.run(for: caller) {
            let start = now()
            var summary = try await Pulse.watching(duplex, silence, body)
            summary.duration = max(0, Int(now().timeIntervalSince(start) * 1_000))
            return summary
        }
    }

    /// Seconds since 1970.
    var seconds: Int { Int(now().timeIntervalSince1970) }
}

extension TransferSummary {
    /// Itself, unless nothing went well.
    func orFailure(_ failure: KithError?) throws(KithError) -> TransferSummary {
        guard entries == 0, unchanged == 0, failures > 0, let failure else { return self }
        throw failure
    }
}
