import FoundationEssentials
public import KithAPI

extension FileService {
    /// Places what comes over `duplex`, whose opening was already read; the caller sends the end from the
    /// answer. One outcome goes back per entry, once it is whole, verified and on disk.
    ///
    /// - Throws: `denied` outside of what the caller may write, `not_found` without a folder to place into,
    ///   `request.invalid`, `limited` over 32 transfers, `protocol`, `peer.offline` if the sender vanished.
    public func put(_ request: PutFiles, over duplex: Duplex, from caller: Caller) async throws -> TransferSummary {
        try await timed {
            let unpacker = try await questions.run {
                let boundary = boundary(caller, .filesWrite)
                let landing = try Landing(request.destination, isSeveral: nil, in: boundary)
                return Unpacker(landing, in: boundary)
            }
            return try await Receiver(unpacker: unpacker, duplex: duplex).run { outcome in
                try await duplex.send(try Frame(.event, json: outcome))
            } received: { _ in
            }
        }
    }

    /// Sends what was asked for over `duplex`, whose opening was already read; the caller sends the end from
    /// the answer. A path that cannot be read goes out as a header with its error, and the rest goes on.
    ///
    /// - Throws: `request.invalid` unless 1 to 1,000 paths are asked for, `limited` over 32 transfers, and what
    ///   the pipe throws when the receiver has gone.
    public func get(_ request: GetFiles, over duplex: Duplex, from caller: Caller) async throws -> TransferSummary {
        try await timed {
            try Sources.check(request.paths)
            let packer = try await questions.run { Packer(request.paths, in: boundary(caller, .filesRead)) }
            try await Sender(packer: packer, duplex: duplex).run { _ in }
            return await packer.total()
        }
    }

    /// Runs a transfer in a slot and adds the time that it took.
    func timed(_ body: () async throws -> TransferSummary) async throws -> TransferSummary {
        try await slots.run {
            let start = now()
            var summary = try await body()
            summary.duration = max(0, Int(now().timeIntervalSince(start) * 1_000))
            return summary
        }
    }
}
