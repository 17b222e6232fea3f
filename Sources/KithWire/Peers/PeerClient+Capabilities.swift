import AsyncHTTPClient
public import KithAPI
public import KithTrust
import NIOCore

extension PeerClient {
    /// The most that a peer's answer to a call may have.
    static let maximumAnswer = 64 << 20

    /// Asks a peer at one address; what "online" means.
    ///
    /// - Parameter seconds: gives up after this long.
    public func ping(_ peer: PinnedPeer, at address: Address, seconds: Int64) async throws -> NodeIdentity {
        let response = try await execute(Question(path: Ping.path), peer: peer, at: address, seconds: seconds)
        return try Self.read(NodeIdentity.self, from: try await Self.body(of: response))
    }

    /// Opens a pipe to a peer and runs `talk` with our end of it.
    public func pipe<P: Pipe, Result: Sendable>(
        _ request: P, on peer: String, _ talk: @escaping @Sendable (Duplex) async throws -> Result
    ) async throws -> Result {
        let output = BoundedQueue<ByteBuffer>(limit: 4)
        let opening = try Frame(.open, json: request)
        try await output.push(ByteBuffer(bytes: opening.header + opening.payload))
        let question = Question(
            path: P.path, contentType: OpenAPI.framed, body: .stream(output.sequence, length: .unknown))
        let response = try await execute(question, on: peer)
        guard response.status == .ok else {
            await output.finish()
            _ = try await Self.body(of: response)
            throw KithError(.protocolViolation, "\(peer) answered with \(response.status.code).")
        }
        defer { Task { await output.finish() } }
        return try await FrameTransport.withDuplex(
            reading: response.body, writing: output,
            loss: { $0 == nil ? nil : .linkLost("The link to \(peer) was lost.") }, talk)
    }

    /// The whole body of a good answer; the error of a bad one.
    private static func body(of response: HTTPClientResponse) async throws -> [UInt8] {
        let bytes = Array(buffer: try await response.body.collect(upTo: maximumAnswer))
        guard response.status == .ok else { throw try JSON.decode(ErrorBody.self, from: bytes).error }
        return bytes
    }
}
