public import KithAPI

/// What somebody who looks at a terminal hears.
public enum TerminalEvent: Sendable, Equatable {
    /// Bytes for a terminal of the size that was said.
    case output([UInt8])
    /// All that ran in it has ended; nothing follows.
    case end(ProcessEnd)
}

/// One client of a terminal, over a connection of its own, which ends with it. One reader at a time.
public final class TerminalAttachment: Sendable {
    private let link: KeeperLink
    private let writer: TerminalWriter

    init(over link: KeeperLink) {
        self.link = link
        writer = TerminalWriter(link)
    }

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
            try await writer.send(Frame(.data, Array(bytes[start..<min(bytes.count, start + Output.limit)])))
        }
    }

    /// Says that the window has another size.
    ///
    /// - Throws: ``KithError`` `job.lost`.
    public func resize(_ size: TerminalSize) async throws {
        try await writer.send(try Frame(.event, json: size))
    }

    /// Hangs up; the terminal runs on.
    public func cancel() { link.hangUp() }
}

/// Lets frames go one after the other, in the order in which they came.
private actor TerminalWriter {
    private let link: KeeperLink
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ link: KeeperLink) { self.link = link }

    func send(_ frame: Frame) async throws {
        if isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
        defer { passOn() }
        try await link.send(frame)
    }

    /// Whoever waits longest is next, and stays busy in our place.
    private func passOn() {
        guard !waiting.isEmpty else { return isBusy = false }
        waiting.removeFirst().resume()
    }
}
