/// A request as the loopback door hands it over; the door has checked the host, the origin and the token.
public struct HTTPRequest: Sendable {
    /// For example `POST`.
    public let method: String
    /// Names in lower case, in the order in which they came.
    public let headers: [(name: String, value: String)]
    /// The whole body; the door bounds it.
    public let body: [UInt8]

    /// A request from its parts.
    public init(method: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.method = method
        self.headers = headers
        self.body = body
    }

    /// The first value of a header.
    subscript(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    var isJSON: Bool {
        self["content-type"]?.split(separator: ";").first?.lowercased() == "application/json"
    }

    /// The client has to understand both forms of an answer; who says nothing takes what comes.
    var acceptsBoth: Bool {
        guard let accept = self["accept"]?.lowercased(), !accept.contains("*/*") else { return true }
        return accept.contains("application/json") && accept.contains("text/event-stream")
    }
}

/// What the door is to answer.
public struct HTTPAnswer: Sendable {
    /// How the body comes.
    public enum Body: Sendable {
        /// All at once; JSON, unless it is empty.
        case whole([UInt8])
        /// Server-sent events, as the closure writes them; cancelling it means that the client has gone.
        case events(@Sendable (@Sendable ([UInt8]) async throws -> Void) async throws -> Void)
    }

    /// The HTTP status.
    public let status: Int
    /// Headers besides the content type.
    public let headers: [(name: String, value: String)]
    /// The body.
    public let body: Body

    init(_ status: Int, headers: [(name: String, value: String)] = [], _ body: Body = .whole([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    static func refused(_ error: RPCError, id: RequestID? = nil, status: Int = 400) -> HTTPAnswer {
        HTTPAnswer(status, .whole(Envelope.error(error, to: id)))
    }
}
