import HTTPTypes
import HummingbirdCore
import KithAPI
import NIOCore

extension ResponseWriter {
    /// Writes a whole JSON answer.
    consuming func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok, closing: Bool = false) async throws {
        var fields: HTTPFields = [.contentType: "application/json", .contentLength: String(bytes.count)]
        if closing { fields[.connection] = "close" }
        try await write(
            response: HTTPResponse(status: status, headerFields: fields),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Writes a text as Prometheus reads it.
    consuming func text(_ text: String) async throws {
        let bytes = ByteBuffer(string: text)
        let fields: HTTPFields = [
            .contentType: "text/plain; version=0.0.4; charset=utf-8", .contentLength: String(bytes.readableBytes),
        ]
        try await write(
            response: HTTPResponse(status: .ok, headerFields: fields), body: ResponseBody(byteBuffer: bytes))
    }

    /// Writes an error as the answer.
    consuming func refuse(_ error: KithError, closing: Bool = false) async throws {
        try await json(try JSON.encode(ErrorBody(error)), status: .init(code: error.code.httpStatus), closing: closing)
    }

    /// Writes a body as `produce` pushes it; the queue between them holds four buffers. A peer's connection is used
    /// again: its handshake costs as much as a short command. The owner has a new one with each question.
    consuming func stream(
        _ type: String, _ line: Line,
        _ produce: @escaping @Sendable (BoundedQueue<ByteBuffer>) async throws -> Void
    ) async throws {
        var fields: HTTPFields = [.contentType: type]
        if line.isLocal { fields[.connection] = "close" }
        var body = try await writeHead(HTTPResponse(status: .ok, headerFields: fields))
        let queue = BoundedQueue<ByteBuffer>(limit: 4)
        let result: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await produce(queue)
                    await queue.finish()
                } catch {
                    await queue.fail(error)
                }
            }
            do {
                // What has come together goes out together: one turn of TLS and of the socket.
                while let buffers = try await queue.nextAll() { try await body.write(contentsOf: buffers) }
                return .success(())
            } catch {
                await queue.fail(line.refusal)
                if !line.isTold { group.cancelAll() }
                return .failure(error)
            }
        }
        try result.get()
        try await body.finish(nil)
    }
}
