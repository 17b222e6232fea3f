import KithAPI

/// Transfers from this machine to itself: `.` stands for a peer everywhere.
extension TransferService {
    /// Joins both ends of a transfer: `serve` answers as a peer would, `talk` asks.
    func here(
        serve: @escaping @Sendable (Duplex) async throws -> TransferSummary,
        talk: @escaping @Sendable (Duplex) async throws -> TransferSummary
    ) async throws -> TransferSummary {
        let (near, far) = Duplex.pair()
        return try await withThrowingTaskGroup(of: TransferSummary?.self) { group in
            group.addTask {
                await Self.answer(far, serve)
                return nil
            }
            group.addTask { try await talk(Self.throwingFailures(near)) }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let finished { return finished }
            }
            throw KithError(.internalError, "The transfer ended without a summary.")
        }
    }

    /// As the route of a peer's request, behind the claim that may cover it.
    func put(_ opening: PutFiles, over duplex: Duplex) async throws -> TransferSummary {
        try await tasks.pass(opening)
        return try await files.put(opening, over: duplex, from: .owner)
    }

    private static func answer(_ far: Duplex, _ serve: (Duplex) async throws -> TransferSummary) async {
        do {
            try await far.send(Frame(.end, json: try await serve(far)))
        } catch {
            guard let failure = try? Frame(.failure, json: KithError(wrapping: error)) else { return }
            try? await far.send(failure)
        }
    }

    /// As a connection does, which gives no failure to its reader.
    private static func throwingFailures(_ near: Duplex) -> Duplex {
        Duplex {
            let frame = try await near.receive()
            if let frame, frame.kind == .failure { throw try frame.decode(KithError.self) }
            return frame
        } send: { frame in
            try await near.send(frame)
        }
    }
}
