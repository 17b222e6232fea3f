public import KithAPI

/// Who answers what: one line per capability, registered by the daemon at the start.
public struct Routes: Sendable {
    /// How a capability is answered, free of types: JSON in, JSON or frames out.
    enum Answer: Sendable {
        case call(@Sendable (Request) async throws -> [UInt8])
        case feed(@Sendable (Request, @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void)
        case pipe(@Sendable (Request, Duplex) async throws -> [UInt8])
    }

    /// A question as it came through a door, its authority already checked.
    struct Request: Sendable {
        let json: [UInt8]
        let caller: Caller
        let audit: @Sendable (String?) async throws -> Void
    }

    /// One capability and its answer.
    struct Route: Sendable {
        let capability: any Capability.Type
        let answer: Answer
    }

    private(set) var table: [String: Route] = [:]

    /// Routes to nobody.
    public init() {}

    /// The names that have an answer; the daemon refuses to start if they are not the catalogue's.
    public var names: Set<String> { Set(table.keys) }

    /// Answers a call.
    public mutating func on<C: Call>(_ type: C.Type, _ answer: @escaping @Sendable (C, Caller) async throws -> C.Reply)
    {
        table[C.name] = Route(
            capability: type,
            answer: .call { request in
                let question = try await Self.read(type, request)
                return try JSON.encode(try await answer(question, request.caller))
            })
    }

    /// Answers a feed; the answer calls its last argument once per element.
    public mutating func on<F: Feed>(
        _ type: F.Type,
        _ answer:
            @escaping @Sendable (F, Caller, @escaping @Sendable (F.Element) async throws -> Void) async throws -> Void
    ) {
        table[F.name] = Route(
            capability: type,
            answer: .feed { request, write in
                let question = try await Self.read(type, request)
                try await answer(question, request.caller) { try await write(try JSON.encode($0)) }
            })
    }

    /// Answers a pipe.
    public mutating func on<P: Pipe>(
        _ type: P.Type, _ answer: @escaping @Sendable (P, Caller, Duplex) async throws -> P.End
    ) {
        table[P.name] = Route(
            capability: type,
            answer: .pipe { request, duplex in
                let question = try await Self.read(type, request)
                return try JSON.encode(try await answer(question, request.caller, duplex))
            })
    }

    /// Guards, decodes and announces a question; an unknown field is refused with the nearest known one.
    private static func read<C: Capability>(_ type: C.Type, _ request: Request) async throws -> C {
        let bytes = request.json.isEmpty ? Array("{}".utf8) : request.json
        let known = Set(C.parameters.map(\.name))
        if let unknown = try JSONGuard.keys(of: bytes).subtracting(known).min() {
            let list = known.sorted().map { "`\($0)`" }.joined(separator: ", ")
            throw KithError(
                .requestInvalid, "`\(C.name)` has no field `\(unknown)`.",
                hint: list.isEmpty ? "It has none." : "It has \(list).")
        }
        let question = try JSON.decode(type, from: bytes)
        try await request.audit(question.object)
        return question
    }
}
