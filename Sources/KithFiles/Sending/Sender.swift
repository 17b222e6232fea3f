import KithAPI

/// Moves what a packer packs. The next frames are read and hashed while the last ones travel.
struct Sender {
    let packer: Packer
    let duplex: Duplex

    /// Sends everything, and says after each batch how many bytes of content it carried.
    func run(sent: (Int) async throws -> Void) async throws {
        var batch = try await packer.next()
        while let current = batch {
            async let next = packer.next()
            for frame in current.frames { try await duplex.send(frame) }
            if current.contentBytes > 0 { try await sent(current.contentBytes) }
            batch = try await next
        }
    }

    /// Takes what the other side says until it ends; `news` hears of it.
    ///
    /// - Throws: what the other side failed with before it had summed up, or `peer.offline` if it vanished.
    func listen(news: (SinkNews) async throws -> Void) async throws -> (end: Frame, summary: TransferSummary?) {
        var summary: TransferSummary?
        while let frame = try await duplex.receive() {
            switch frame.kind {
            case .extra:
                let heard = try await packer.take(try SinkRecord.all(in: frame))
                summary = heard.summary ?? summary
                try await news(heard)
            case .end: return (frame, summary)
            case .failure where summary != nil: return (frame, summary)
            case .failure: throw try frame.decode(KithError.self)
            default: throw KithError(.protocolViolation, "The receiver sent a frame that does not belong here.")
            }
        }
        throw KithError(
            .peerOffline, "The other side went away in the middle of the transfer.",
            hint: "Start it again: what has arrived is kept.")
    }
}

extension SinkRecord {
    static func all(in frame: Frame) throws(KithError) -> [SinkRecord] {
        var reader = RecordReader(frame.payload)
        var records: [SinkRecord] = []
        while !reader.isAtEnd { records.append(try SinkRecord(from: &reader)) }
        return records
    }
}
