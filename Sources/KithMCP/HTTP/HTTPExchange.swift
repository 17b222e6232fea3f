import KithAPI

/// One request over HTTP and its answer: JSON, or a stream where something is to be said before the answer.
struct HTTPExchange {
    private enum Piece: Sendable {
        case notification([UInt8])
        case answer(Answer)

        var bytes: [UInt8] {
            switch self {
            case .notification(let bytes): bytes
            case .answer(let answer): answer.bytes
            }
        }
    }

    private let server: MCPServer
    private let flight: InFlight
    private let key: RequestID
    private let queue = BoundedQueue<Piece>(limit: 16)

    init(_ server: MCPServer, _ flight: InFlight, key: RequestID) {
        self.server = server
        self.flight = flight
        self.key = key
    }

    func serve(_ message: Request, _ client: ClientFacts) async throws -> HTTPAnswer {
        let (server, flight, key, queue) = (server, flight, key, queue)
        try await flight.begin(key, isListening: message.method == "subscriptions/listen") {
            let outlet = Outlet { try? await queue.push(.notification(Envelope.notification($0, $1))) }
            return await server.answer(message, for: client, over: outlet)
        } send: { answer in
            if let answer { try? await queue.push(.answer(answer)) }
            await queue.finish()
            await answer?.afterwards?()
        }
        let first = try await withTaskCancellationHandler {
            try await queue.next()
        } onCancel: {
            Task { await flight.cancel(key) }
        }
        switch first {
        case nil: return HTTPAnswer(202)
        case .answer(let answer):
            return HTTPAnswer(client.revision.isLegacy ? 200 : Self.status(of: answer.code), .whole(answer.bytes))
        case .notification(let first): return HTTPAnswer(200, events(first))
        }
    }

    /// The stream; a client that hangs up cancels the request.
    private func events(_ first: [UInt8]) -> HTTPAnswer.Body {
        let (flight, key, queue) = (flight, key, queue)
        return .events { write in
            do {
                try await write(Self.event(first))
                while let piece = try await queue.next() { try await write(Self.event(piece.bytes)) }
                try Task.checkCancellation()
            } catch {
                await flight.cancel(key)
                await queue.finish()
                throw error
            }
        }
    }

    /// A message never holds a line feed, so one `data` line is enough.
    private static func event(_ message: [UInt8]) -> [UInt8] {
        Array("event: message\ndata: ".utf8) + message + Array("\n\n".utf8)
    }

    /// The status that goes with an error of the protocol.
    static func status(of code: Int?) -> Int {
        switch code {
        case -32601: 404
        case -32700, -32600, -32602, -32020, -32021, -32022: 400
        default: 200
        }
    }
}
