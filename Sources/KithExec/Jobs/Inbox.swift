import KithAPI

/// What the asking side sends, read ahead by a few frames: words overtake input that a command does not read, and
/// the going of the asking side is noticed meanwhile.
struct Inbox: Sendable {
    /// Frames that are held: at most 8 MiB.
    static let limit = 8

    private let input = BoundedQueue<Frame>(limit: limit)
    private let words = BoundedQueue<Frame>(limit: limit)
    private let going: AsyncStream<KithError>
    private let end: AsyncStream<KithError>.Continuation

    /// An inbox that nobody fills yet.
    init() { (going, end) = AsyncStream.makeStream() }

    /// Reads `duplex` until there is no more; one caller, for as long as the inbox is used.
    func fill(from duplex: Duplex) async {
        defer { end.finish() }
        do {
            while let frame = try await duplex.receive() {
                try await (frame.kind == .event ? words : input).push(frame)
            }
            await input.finish()
            await words.finish()
        } catch {
            let fault = KithError(wrapping: error)
            if fault.code == .protocolViolation { end.yield(fault) }
            await input.fail(error)
            await words.fail(error)
        }
    }

    /// The next frame of input; nil when the asking side hung up, ``KithError`` `link.lost` when only the link broke.
    func nextInput() async throws -> Frame? { try await input.next() }

    /// The next word, as ``nextInput()``.
    func nextWord() async throws -> Frame? { try await words.next() }

    /// Returns when the asking side has gone; not while it has sent more than is held.
    ///
    /// - Returns: what it did wrong, if that was the end of it.
    func gone() async -> KithError? {
        for await fault in going { return fault }
        return nil
    }

    /// Runs `body` while `duplex` is read.
    static func reading<Value: Sendable>(
        _ duplex: Duplex, _ body: @escaping @Sendable (Inbox) async throws -> Value
    ) async throws -> Value {
        let inbox = Inbox()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await inbox.fill(from: duplex) }
            defer { group.cancelAll() }
            return try await body(inbox)
        }
    }
}
