import HTTPTypes
import HummingbirdCore
import KithAPI
import NIOCore
import NIOHTTP1

/// Speaks the capabilities in HTTP: `POST /v1/noun/verb`, and `GET` for what only reads.
struct HTTPAnswers: Sendable {
    /// The most that a JSON body may have: 1 MiB of value, escaped, and its surroundings.
    static let maximumBody = 4 << 20
    /// The most that a path with its query may have.
    static let maximumPath = 8 << 10

    let dispatcher: Dispatcher

    /// Answers one request completely; errors become answers, too.
    func answer(
        _ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter, from asker: Dispatcher.Asker,
        on line: Line
    ) async throws {
        line.isUsed(for: request.isPipe ? .pipe : .answer)
        guard (request.head.path ?? "").utf8.count <= Self.maximumPath else {
            return try await writer.refuse(
                KithError(.requestTooLarge, "The address is longer than \(Self.maximumPath) bytes."))
        }
        if request.uri.path == "/v1/openapi.json" {
            return try await writer.json(try JSON.encode(OpenAPI.document))
        }
        guard let name = Self.capabilityName(request.uri.path) else {
            return try await writer.refuse(
                KithError(.capabilityUnknown, "There is nothing at this address.", hint: "See GET /v1/openapi.json."))
        }
        switch (request.isPipe, Catalogue.find(name)?.shape) {
        case (true, _): try await pipe(Question(name: name, request: request, asker: asker), writer, line)
        case (false, .feed): try await feed(Question(name: name, request: request, asker: asker), writer, line)
        default: try await call(name, request, writer, asker)
        }
    }

    /// `/v1/context/set` → `context.set`.
    static func capabilityName(_ path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, parts[1] == "v1", !parts[2].isEmpty, !parts[3].isEmpty else {
            return nil
        }
        return "\(parts[2]).\(parts[3])"
    }

    private func call(
        _ name: String, _ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter,
        _ asker: Dispatcher.Asker
    ) async throws {
        let answer: [UInt8]
        do {
            answer = try await dispatcher.call(name, try await body(of: request, name), from: asker)
        } catch {
            return try await writer.refuse(KithError(wrapping: error))
        }
        try await writer.json(answer)
    }

    private func feed(_ question: Question, _ writer: consuming ResponseWriter, _ line: Line) async throws {
        let json: [UInt8]
        do {
            json = try await body(of: question.request, question.name)
            _ = try await dispatcher.route(question.name, for: question.asker)
        } catch {
            return try await writer.refuse(KithError(wrapping: error))
        }
        try await writer.stream(OpenAPI.lines, line) { lines in
            do {
                try await dispatcher.feed(question.name, json, from: question.asker) {
                    try await lines.push(ByteBuffer(bytes: $0 + [0x0A]))
                }
            } catch {
                try await lines.push(ByteBuffer(bytes: try JSON.encode(ErrorBody(KithError(wrapping: error))) + [0x0A]))
            }
        }
    }

    private func pipe(_ question: Question, _ writer: consuming ResponseWriter, _ line: Line) async throws {
        do {
            _ = try await dispatcher.route(question.name, for: question.asker)
        } catch {
            return try await writer.refuse(KithError(wrapping: error), closing: true)
        }
        let body = question.request.body
        try await writer.stream(OpenAPI.framed, line) { output in
            let answer = { @Sendable duplex in
                try await dispatcher.pipe(question.name, over: duplex, from: question.asker)
            }
            guard line.isLocal else {
                return try await FrameTransport.withLingeringDuplex(
                    reading: body, writing: output, loss: { _ in line.loss }, answer)
            }
            try await FrameTransport.withDuplex(reading: body, writing: output, loss: { _ in line.loss }, answer)
        }
    }

    /// Who asks what.
    private struct Question {
        let name: String
        let request: HummingbirdCore.Request
        let asker: Dispatcher.Asker
    }

    /// A whole JSON body.
    ///
    /// - Throws: ``KithError`` `request.too_large` beyond ``maximumBody``, `request.invalid` for a malformed one.
    static func collect(_ body: RequestBody) async throws -> [UInt8] {
        do {
            return Array(buffer: try await body.collect(upTo: maximumBody))
        } catch is NIOTooManyBytesError {
            throw KithError(.requestTooLarge, "A request has at most \(maximumBody) bytes.")
        } catch is HTTPParserError {
            throw KithError(.requestInvalid, "The request's body is not HTTP as agreed.")
        }
    }

    /// The JSON of a request: its body, or its query where it only reads.
    private func body(of request: HummingbirdCore.Request, _ name: String) async throws -> [UInt8] {
        switch request.method {
        case .get:
            guard let capability = Catalogue.find(name), capability.isReadOnly, capability.shape != .pipe else {
                throw KithError(.requestInvalid, "`\(name)` is asked with POST.")
            }
            return try QueryDecoder(parameters: capability.parameters).json(of: request.uri.query)
        case .post:
            return try await Self.collect(request.body)
        default:
            throw KithError(.requestInvalid, "Only GET and POST are answered.")
        }
    }
}

extension HummingbirdCore.Request {
    /// Whether both bodies stay open.
    var isPipe: Bool { headers[.contentType] == OpenAPI.framed }
}
