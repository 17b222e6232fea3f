import AsyncHTTPClient
import HTTPTypes
import HummingbirdCore
import KithAPI
import NIOCore
import NIOHTTP1

/// Passes a question on to a peer and the answer back, both unread: an old daemon forwards what it does not know.
public struct Forwarder: Sendable {
    private let peers: PeerClient

    /// A forwarder over these connections.
    public init(peers: PeerClient) { self.peers = peers }

    /// Copies the request to the peer and the response to `writer`, byte by byte.
    ///
    /// An asker who leaves ends the question at the peer, too: there it hung up.
    func forward(
        _ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter, to target: PeerPath, on line: Line
    ) async throws {
        line.isUsed(for: request.isPipe ? .opening : .answer)
        guard request.isPipe else {
            let question: PeerClient.Question
            do { question = try await Self.question(request, target) } catch {
                return try await writer.refuse(KithError(wrapping: error), closing: true)
            }
            return try await answer(question, target, writer) {}
        }
        // The peer reads a queue, so that nobody reads this connection any more when the answer is over.
        let upward = BoundedQueue<ByteBuffer>(limit: 4)
        let body = request.body
        let pump = Task { await Self.pump(body, into: upward, line) }
        defer { pump.cancel() }
        let question = PeerClient.Question(
            path: target.path, contentType: OpenAPI.framed, body: .stream(upward.sequence, length: .unknown))
        do {
            try await answer(question, target, writer) { line.isUsed(for: .passage) }
        } catch {
            pump.cancel()
            await pump.value
            throw error
        }
        pump.cancel()
        await pump.value
    }

    private func answer(
        _ question: PeerClient.Question, _ target: PeerPath, _ writer: consuming ResponseWriter,
        onAnswer: () -> Void
    ) async throws {
        let response: HTTPClientResponse
        do {
            response = try await peers.execute(question, on: target.peer)
        } catch {
            return try await writer.refuse(KithError(wrapping: error))
        }
        onAnswer()
        var fields: HTTPFields = [:]
        for name in ["content-type", "content-length"] {
            if let value = response.headers.first(name: name), let field = HTTPField.Name(name) {
                fields[field] = value
            }
        }
        let head = HTTPResponse(status: .init(code: Int(response.status.code)), headerFields: fields)
        if let length = fields[.contentLength].flatMap({ Int($0) }), length <= Self.wholeAnswer {
            let body = try await Self.whole(response.body, length, of: target)
            return try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        }
        try await pass(response.body, of: target, under: head, writer)
    }

    /// Up to so many bytes an answer is passed on in one piece: whoever waits for it is woken once.
    private static let wholeAnswer = 64 << 10

    private static func whole(_ body: HTTPClientResponse.Body, _ length: Int, of target: PeerPath) async throws
        -> ByteBuffer
    {
        do {
            return try await body.collect(upTo: length)
        } catch {
            throw cut(by: target)
        }
    }

    private func pass(
        _ answer: HTTPClientResponse.Body, of target: PeerPath, under head: HTTPResponse,
        _ writer: consuming ResponseWriter
    ) async throws {
        var head = head
        if head.headerFields[.contentLength] == nil { head.headerFields[.connection] = "close" }
        var body = try await writer.writeHead(head)
        // To an asker who has left nothing is passed on, but the peer comes to its end: breaking off would look to it
        // like a lost link. That takes as long as `Line` has patience.
        var isHeard = true
        do {
            for try await piece in answer where isHeard { isHeard = (try? await body.write(piece)) != nil }
        } catch {
            // The answer is cut, and so must be the connection: whoever reads it must not take a part for the whole.
            throw Self.cut(by: target)
        }
        guard isHeard else { return }
        try await body.finish(nil)
    }

    private static func cut(by target: PeerPath) -> KithError {
        .linkLost("\(target.peer) went away in the middle of its answer.")
    }

    private static func question(_ request: HummingbirdCore.Request, _ target: PeerPath) async throws
        -> PeerClient.Question
    {
        switch request.method {
        case .get:
            return PeerClient.Question(method: .GET, path: target.path)
        case .post:
            let body = try await HTTPAnswers.collect(request.body)
            return PeerClient.Question(
                path: target.path, contentType: request.headers[.contentType], body: .bytes(ByteBuffer(bytes: body)))
        default:
            throw KithError(.requestInvalid, "Only GET and POST are answered.")
        }
    }

    private static func pump(_ body: RequestBody, into queue: BoundedQueue<ByteBuffer>, _ line: Line) async {
        do {
            for try await piece in body { try await queue.push(piece) }
        } catch {
            // However the local side left, `line` knows whether it hung up.
        }
        if let loss = line.loss { await queue.fail(loss) } else { await queue.finish() }
    }
}
