import KithAPI

/// Reads frames off an exchange. One caller at a time.
actor FrameReader {
    private let exchange: Exchange
    private var decoder = FrameDecoder()
    private var hasEnded = false

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// This end of the pipe.
    nonisolated var duplex: Duplex {
        Duplex(
            receive: { try await self.next() },
            send: { [exchange] in try await exchange.send($0) })
    }

    private func next() async throws -> Frame? {
        while !hasEnded {
            if let frame = try decoder.next() { return try accept(frame) }
            guard let piece = try await exchange.next() else { throw Self.cut }
            decoder.push(piece)
        }
        return nil
    }

    private func accept(_ frame: Frame) throws(KithError) -> Frame {
        hasEnded = frame.kind == .end || frame.kind == .failure
        guard frame.kind != .failure else { throw Answer.error(inFrame: frame.payload) }
        return frame
    }

    private static let cut = KithError.linkLost("The link was lost before the other side was done.")
}
