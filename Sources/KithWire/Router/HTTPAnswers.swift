import HTTPTypes
import HummingbirdCore
import KithAPI
import NIOCore

/// Speaks the capabilities in HTTP: `POST /v1/noun/verb`, and `GET` for what only reads.
struct HTTPAnswers: Sendable {
    /// The most that a JSON body may have: 1 MiB of value, escaped, and its surroundings.
    static let maximumBody = 4 << 20
    /// The most that a path with its query may have.
    static let maximumPath = 8 << 10

    let dispatcher: Dispatcher

    /// Answers one request completely; errors become answers, too.
    func answer(_ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter, from asker: Dispatcher.Asker)
        async throws
    {
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
        case (true, _): try await pipe(name, request, writer, asker)
        case (false, .feed): try await feed(name, request, writer, asker)
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

    private func feed(
        _ name: String, _ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter,
        _ asker: Dispatcher.Asker
    ) async throws {
        let json: [UInt8]
        do {
            json = try await body(of: request, name)
            _ = try await dispatcher.route(name, for: asker)
        } catch {
            return try await writer.refuse(KithError(wrapping: error))
        }
        try await writer.stream(OpenAPI.lines) { lines in
            do {
                try await dispatcher.feed(name, json, from: asker) {
                    try await lines.push(ByteBuffer(bytes: $0 + [0x0A]))
                }
            } catch {
                try await lines.push(ByteBuffer(bytes: try JSON.encode(ErrorBody(KithError(wrapping: error))) + [0x0A]))
            }
        }
    }

    private func pipe(
        _ name: String, _ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter,
        _ asker: Dispatcher.Asker
    ) async throws {
        do {
            _ = try await dispatcher.route(name, for: asker)
        } catch {
            return try await writer.refuse(KithError(wrapping: error), closing: true)
        }
        let body = request.body
        try await writer.stream(OpenAPI.framed) { output in
            try await FrameTransport.withDuplex(reading: body, writing: output) { duplex in
                try await dispatcher.pipe(name, over: duplex, from: asker)
            }
        }
    }

    /// A whole JSON body.
    ///
    /// - Throws: ``KithError`` `request.too_large` beyond ``maximumBody``.
    static func collect(_ body: RequestBody) async throws -> [UInt8] {
        do {
            return Array(buffer: try await body.collect(upTo: maximumBody))
        } catch is NIOTooManyBytesError {
            throw KithError(.requestTooLarge, "A request has at most \(maximumBody) bytes.")
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
