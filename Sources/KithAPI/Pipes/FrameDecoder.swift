/// Cuts a stream of bytes into frames, whatever the pieces in which it arrives. Pure.
public struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    /// A decoder at the start of a stream.
    public init() {}

    /// Takes the next piece of the stream.
    public mutating func push(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(0..<start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame, or nil until more arrives.
    ///
    /// - Throws: ``KithError`` `protocol` on an unknown kind or an absurd length; the stream is lost then.
    public mutating func next() throws(KithError) -> Frame? {
        guard buffer.count - start >= Frame.headerSize else { return nil }
        guard let kind = Frame.Kind(rawValue: buffer[start]) else {
            throw KithError(.protocolViolation, "The other side sent a frame of unknown kind \(buffer[start]).")
        }
        let length = buffer[(start + 1)..<(start + 5)].reduce(0) { $0 << 8 | Int($1) }
        guard length <= Frame.maximumPayload else {
            throw KithError(
                .protocolViolation,
                "The other side sent a frame of \(length) bytes; at most \(Frame.maximumPayload) are allowed.")
        }
        guard buffer.count - start >= Frame.headerSize + length else { return nil }
        let first = start + Frame.headerSize
        start = first + length
        return Frame(kind, Array(buffer[first..<start]))
    }

    /// Whether a frame has begun and not ended: at the end of the stream that means it was cut.
    public var isInsideFrame: Bool { buffer.count > start }
}
