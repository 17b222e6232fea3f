public import KithAPI

/// What somebody who looks at a terminal hears.
public enum TerminalEvent: Sendable, Equatable {
    /// Bytes for a terminal of the size that was said.
    case output([UInt8])
    /// All that ran in it has ended; nothing follows.
    case end(ProcessEnd)
}

/// One client of a terminal, over a connection of its own, which ends with it. One reader and one writer at a time.
public final class TerminalAttachment: Sendable {
    private let link: KeeperLink

    init(over link: KeeperLink) { self.link = link }

    deinit { link.hangUp() }

    /// The next event; nil after ``cancel()``. Cancelling the task is cancelling the attachment.
    ///
    /// - Throws: ``KithError`` `job.lost` where the keeper is gone, `protocol`.
    public func next() async throws -> TerminalEvent? {
        while let frame = try await link.receive() {
            switch frame.kind {
            case .data: return .output(frame.payload)
            case .event: continue
            case .end: return .end(try JSON.decode(ProcessEnd.self, from: frame.payload))
            case .failure: throw try JSON.decode(KithError.self, from: frame.payload)
            default: throw KithError(.protocolViolation, "The keeper sent a frame of kind \(frame.kind).")
            }
        }
        guard link.isOver else { throw KithError.keeperIsGone }
        return nil
    }

    /// Types; returns when the keeper has room for more.
    ///
    /// - Throws: ``KithError`` `job.lost`.
    public func write(_ bytes: [UInt8]) async throws {
        for start in stride(from: 0, to: bytes.count, by: Output.limit) {
            try await link.send(Frame(.data, Array(bytes[start..<min(bytes.count, start + Output.limit)])))
        }
    }

    /// Says that the window has another size.
    ///
    /// - Throws: ``KithError`` `job.lost`.
    public func resize(_ size: TerminalSize) async throws { try await link.send(try Frame(.event, json: size)) }

    /// Hangs up; the terminal runs on.
    public func cancel() { link.hangUp() }
}
