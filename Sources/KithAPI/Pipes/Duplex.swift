/// One end of a pipe: frames come, frames go. Both directions obey back-pressure.
public struct Duplex: Sendable {
    /// The next frame; nil when the other side has hung up, even after its ``Frame/Kind/end``: who has no more
    /// to say still holds the line until the answer is whole. Throws ``KithError`` `link.lost` when the other
    /// side did not hang up, but its machine, its daemon or the cable is gone. One caller at a time.
    public let receive: @Sendable () async throws -> Frame?
    /// Sends a frame; returns when the transport has room for more. Throws ``KithError`` `link.lost` or, to a
    /// side that hung up, `cancelled`. One caller at a time.
    public let send: @Sendable (Frame) async throws -> Void
    /// As ``send``, for whole frames that stand one behind the other as they travel. For who passes them on unread.
    public let pass: @Sendable ([UInt8]) async throws -> Void

    /// An end made of closures; without `pass` what is passed on is cut into frames and sent.
    public init(
        receive: @escaping @Sendable () async throws -> Frame?,
        send: @escaping @Sendable (Frame) async throws -> Void,
        pass: (@Sendable ([UInt8]) async throws -> Void)? = nil
    ) {
        self.receive = receive
        self.send = send
        self.pass =
            pass ?? { bytes in
                var decoder = FrameDecoder()
                decoder.push(bytes)
                while let frame = try decoder.next() { try await send(frame) }
            }
    }

    /// An end that reads one queue and writes another, and closes what it writes after its last frame.
    public init(from inbound: BoundedQueue<Frame>, to outbound: BoundedQueue<Frame>) {
        self.init {
            try await inbound.next()
        } send: { frame in
            try await outbound.push(frame)
            if frame.kind == .failure { await outbound.finish() }
        }
    }

    /// Two ends in memory, joined; each direction holds at most four frames.
    public static func pair() -> (Duplex, Duplex) {
        let up = BoundedQueue<Frame>(limit: 4)
        let down = BoundedQueue<Frame>(limit: 4)
        return (Duplex(from: down, to: up), Duplex(from: up, to: down))
    }
}
