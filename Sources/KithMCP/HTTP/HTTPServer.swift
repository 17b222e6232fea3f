import KithAPI

/// The server over Streamable HTTP: each request stands for itself, in both eras.
///
/// The older era's session id is not kept anywhere: it says which revision was agreed on and what the client
/// calls itself, so that it outlives the daemon. It is no credential; the door has asked for the token.
public struct HTTPServer: Sendable {
    private let server: MCPServer
    private let flight = InFlight()

    /// Serves `server`.
    public init(_ server: MCPServer) { self.server = server }

    /// Answers one request, for which the door has vouched.
    public func answer(_ request: HTTPRequest) async -> HTTPAnswer {
        guard request.method == "POST" else { return HTTPAnswer(405, headers: [("allow", "POST")]) }
        guard request.isJSON else { return HTTPAnswer(415) }
        guard request.acceptsBoth else { return HTTPAnswer(406) }
        do {
            switch try Message.read(request.body) {
            case .request(let message): return await serve(message, request)
            case .notification(let method, let params): return await hear(method, params, request)
            case .response: return .refused(.invalidRequest("Nothing was asked of the client."))
            }
        } catch {
            return .refused(error.error, id: error.id)
        }
    }

    /// Lets subscriptions end with their result; for a daemon that stops.
    public func close() async { await flight.endSubscriptions() }

    private func serve(_ message: Request, _ request: HTTPRequest) async -> HTTPAnswer {
        do {
            if Revision(rawValue: request["mcp-protocol-version"] ?? "")?.isLegacy == false || message.isModern {
                let client = try ClientFacts(modern: message)
                try HeaderCheck.compare(request, message)
                return try await HTTPExchange(server, flight, key: .text(Self.unique())).serve(message, client)
            }
            if message.method == "initialize" { return try greet(message) }
            guard let session = HTTPSession(request) else { return HTTPAnswer(404) }
            let client = ClientFacts(revision: session.revision, name: session.client)
            return try await HTTPExchange(server, flight, key: session.key(of: message.id)).serve(message, client)
        } catch {
            let error = error as? RPCError ?? RPCError(KithError(wrapping: error))
            return .refused(error, id: message.id, status: HTTPExchange.status(of: error.code))
        }
    }

    private func greet(_ message: Request) throws -> HTTPAnswer {
        let client = try ClientFacts(initialize: message.params)
        let session = HTTPSession(client, unique: Self.unique())
        let result = ServerCard.greeting(client, watches: false).json(at: client.revision)
        return HTTPAnswer(
            200, headers: [("mcp-session-id", session.id)], .whole(Envelope.result(result, to: message.id)))
    }

    private func hear(_ method: String, _ params: [String: JSONValue], _ request: HTTPRequest) async -> HTTPAnswer {
        // Only the older era cancels by message; in the newer one the client hangs up.
        if method == "notifications/cancelled", let session = HTTPSession(request),
            let id = RequestID(params["requestId"])
        {
            await flight.cancel(session.key(of: id))
        }
        return HTTPAnswer(202)
    }

    private static func unique() -> String {
        (0..<2).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 36) }.joined()
    }
}
