import KithAPI

/// Standard input on its way to a command, over one connection after the other: what was not taken when a link broke
/// is sent again over the next.
actor InputFeed {
    /// Bytes that are sent ahead of the word that they were taken.
    static let window = 768 << 10

    /// What to send next.
    enum Piece: Sendable, Equatable {
        case bytes([UInt8])
        case end
    }

    private let input: StandardInput?
    private var buffer: [UInt8] = []
    /// Bytes that were taken: where `buffer` begins.
    private var taken = 0
    /// Bytes that were sent over this connection, and before.
    private var sent = 0
    private var hasEnded = false
    private var saidEnd = false
    private var waiter: CheckedContinuation<Void, Never>?

    /// A feed of `input`; of nothing if that is nil, which leaves standard input to others.
    init(_ input: StandardInput? = StandardInput()) {
        self.input = input
        hasEnded = input == nil
    }

    /// A new connection: everything after `taken` is sent again.
    func begin(afterTaking taken: Int) {
        acknowledge(taken)
        (sent, saidEnd) = (self.taken, false)
    }

    /// That the command took so many bytes in all.
    func acknowledge(_ count: Int) {
        guard count > taken else { return }
        buffer.removeFirst(min(count - taken, buffer.count))
        taken = count
        wake()
    }

    /// What to send next; nil when everything was sent, or the task was cancelled. One caller at a time.
    func next() async -> Piece? {
        while !Task.isCancelled {
            if sent < taken + buffer.count { return rest() }
            if hasEnded { return end() }
            if buffer.count >= Self.window {
                await room()
            } else if let piece = await input?.piece() {
                buffer += piece
            } else if !Task.isCancelled {
                hasEnded = true
            }
        }
        return nil
    }

    private func rest() -> Piece {
        let bytes = Array(buffer[(max(sent, taken) - taken)...].prefix(StandardInput.pieceSize))
        sent = max(sent, taken) + bytes.count
        return .bytes(bytes)
    }

    private func end() -> Piece? {
        guard !saidEnd else { return nil }
        saidEnd = true
        return .end
    }

    /// Returns when something was taken, or the task is cancelled.
    private func room() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume() }
                waiter = continuation
            }
        } onCancel: {
            Task { await self.wake() }
        }
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}
