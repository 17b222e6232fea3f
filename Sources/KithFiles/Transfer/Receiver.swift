import KithAPI

/// Feeds what arrives to an unpacker. The next frame is received while the last one is hashed and written.
struct Receiver {
    let unpacker: Unpacker
    let duplex: Duplex

    /// Receives until the sender's end; says what became of each entry and how many bytes of content came.
    ///
    /// - Throws: what the sender failed with, `peer.offline` if it vanished, or what the closures throw; nothing
    ///   half done is left then.
    func run(
        outcome: (TransferOutcome) async throws -> Void, received: (Int) async throws -> Void
    ) async throws -> TransferSummary {
        do {
            try await takeAll(outcome: outcome, received: received)
            for finished in await unpacker.end() { try await outcome(finished) }
            return await unpacker.total()
        } catch {
            await unpacker.abandon()
            throw error
        }
    }

    private func takeAll(
        outcome: (TransferOutcome) async throws -> Void, received: (Int) async throws -> Void
    ) async throws {
        var frame = try await duplex.content()
        while let current = frame {
            async let next = duplex.content()
            for finished in try await unpacker.take(current) { try await outcome(finished) }
            if current.kind == .data { try await received(current.payload.count) }
            frame = try await next
        }
    }
}

extension Duplex {
    /// The next frame before the end; nil at the end.
    ///
    /// - Throws: what the other side failed with, or `peer.offline` if it vanished.
    func content() async throws -> Frame? {
        guard let frame = try await receive() else {
            throw KithError(
                .peerOffline, "The other side went away in the middle of the transfer.", hint: "Start it again.")
        }
        if frame.kind == .failure { throw try frame.decode(KithError.self) }
        return frame.kind == .end ? nil : frame
    }
}
