import KithAPI

@testable import KithFiles

/// Counts the content that a sender sends, and cuts the connection when it is more than `limit`.
actor Scissors {
    private let wire: Wire
    private let limit: Int
    private(set) var sentBytes = 0

    init(_ wire: Wire, after limit: Int) {
        self.wire = wire
        self.limit = limit
    }

    func pass(_ frame: Frame) async throws {
        sentBytes += try Self.content(of: frame)
        if sentBytes > limit { await wire.cut() }
    }

    private static func content(of frame: Frame) throws -> Int {
        guard frame.kind == .extra else { return frame.kind == .data ? frame.payload.count : 0 }
        return try frame.sourceRecords.reduce(0) { sum, record in
            if case .small(_, _, let content) = record { sum + content.count } else { sum }
        }
    }
}

extension FileService {
    /// Sends `sources` as ``push`` does, over a connection that breaks after so many bytes of content. Answers the
    /// summary, nil if it broke, and the bytes that were sent.
    func push(
        _ sources: [String], to receiver: FileService, _ destination: String, cutAfter limit: Int
    ) async throws -> (summary: TransferSummary?, sentBytes: Int) {
        let wire = Wire()
        let scissors = Scissors(wire, after: limit)
        let near = Duplex(receive: wire.near.receive) { frame in
            try await wire.near.send(frame)
            try await scissors.pass(frame)
        }
        async let answered: Void = answer(wire.far) {
            try await receiver.put(PutFiles(destination: destination), over: wire.far, from: friend())
        }
        let request = SendFiles(peer: "studio", sources: sources, destination: destination)
        let summary = try? await send(request, over: near) { _ in }
        await wire.cut()
        try await answered
        return (summary, await scissors.sentBytes)
    }
}

/// Bytes that come again for the same seed.
func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = Seeded(seed: seed)
    return (0..<(count / 8 + 1)).map { _ in generator.next() }.withUnsafeBytes { Array($0.prefix(count)) }
}
