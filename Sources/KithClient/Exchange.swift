import KithAPI
import NIOCore
import NIOHTTP1
import NIOPosix

/// One question and its answer on one connection to the daemon. Dropping it closes the connection.
final class Exchange: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ExchangeHandler>
    private let session: AgentSession?

    private init(channel: any Channel, handler: NIOLoopBound<ExchangeHandler>, session: AgentSession?) {
        self.channel = channel
        self.handler = handler
        self.session = session
    }

    deinit { close() }

    /// Connects to the daemon at `path`, for the owner or for an agent of theirs.
    static func open(_ path: String, for session: AgentSession? = nil) async throws -> Exchange {
        let socket = try await LocalSocket.connect(to: path)
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton.any())
            .channelOption(.autoRead, value: false)
            .channelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 512 << 10))
            .channelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 16384, maximum: 262_144))
        return try await bootstrap.withConnectedSocket(socket.descriptor) { channel in
            channel.eventLoop.makeCompletedFuture {
                let handler = ExchangeHandler(eventLoop: channel.eventLoop)
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHTTPClientHandlers()
                try pipeline.addHandler(handler)
                return Exchange(
                    channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop), session: session)
            }
        }
    }

    /// Sends a whole request.
    func ask(_ path: String, json: [UInt8]) async throws {
        var head = head(path, type: "application/json")
        head.headers.add(name: "content-length", value: String(json.count))
        let parts: [HTTPClientRequestPart] = [.head(head), .body(.byteBuffer(ByteBuffer(bytes: json))), .end(nil)]
        try await write(parts)
    }

    /// Sends the head and the first frame of a pipe; the body of the request stays open.
    func ask(_ path: String, opening: Frame) async throws {
        var head = head(path, type: OpenAPI.framed)
        head.headers.add(name: "transfer-encoding", value: "chunked")
        try await write([.head(head), .body(.byteBuffer(Self.bytes(of: opening)))])
    }

    /// Sends one frame; returns when the connection has room for more.
    func send(_ frame: Frame) async throws {
        guard frame.payload.count <= Frame.maximumPayload else {
            throw KithError(.requestTooLarge, "A frame holds at most \(Frame.maximumPayload) bytes.")
        }
        try await write([.body(.byteBuffer(Self.bytes(of: frame)))])
    }

    /// Waits for the head of the answer and throws the error that it announces, if it does.
    func requireSuccess() async throws {
        let status = try await onLoop { $0.head() }
        guard !(200..<300).contains(status) else { return }
        throw Answer.failure(status: status, body: try await body(limit: 1 << 20))
    }

    /// The whole body, refused beyond `limit`.
    func body(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.readableBytes <= limit else {
                throw KithError(
                    .protocolViolation, "The answer is larger than \(limit >> 20) MiB, which is the limit.",
                    hint: "Ask for less at once.")
            }
            bytes.append(contentsOf: piece.readableBytesView)
        }
        return bytes
    }

    /// The next piece of the body; nil at its end. One caller at a time.
    func next() async throws -> ByteBuffer? { try await onLoop { $0.next() } }

    /// Closes the connection; the daemon takes it as "the asking side has gone" unless all was said.
    func close() { channel.close(promise: nil) }

    private func write(_ parts: [HTTPClientRequestPart]) async throws {
        try await onLoop { $0.write(parts) }
    }

    private func onLoop<Value: Sendable>(
        _ work: @escaping @Sendable (ExchangeHandler) -> EventLoopFuture<Value>
    ) async throws -> Value {
        let handler = handler
        return try await withTaskCancellationHandler {
            do {
                return try await channel.eventLoop.flatSubmit { work(handler.value) }.get()
            } catch {
                try Task.checkCancellation()
                throw error
            }
        } onCancel: {
            close()
        }
    }

    private func head(_ path: String, type: String) -> HTTPRequestHead {
        var head = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: path,
            headers: ["host": "kith", "content-type": type, "user-agent": "kith/\(Version.text)"])
        if let session { head.headers.add(name: AgentSession.header, value: session.headerText) }
        return head
    }

    private static func bytes(of frame: Frame) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(Frame.headerSize + frame.payload.count)
        buffer.writeBytes(frame.header)
        buffer.writeBytes(frame.payload)
        return buffer
    }
}
