public import FoundationEssentials
public import KithAPI

/// The one place where a question meets its answer: finds it by name, checks the caller's authority
/// before anything is decoded, writes the audit, and answers.
public struct Dispatcher: Sendable {
    /// What the audit is told: who, which capability, to what, with which result.
    public struct Event: Sendable {
        /// Who asked.
        public let caller: Caller
        /// Which capability.
        public let action: String
        /// What it was done to.
        public let object: String?
        /// `began`, `ok`, `denied` or the code of an error.
        public let result: String
    }

    private let routes: Routes
    private let now: @Sendable () -> Date
    private let audit: @Sendable (Event) async throws -> Void

    /// A dispatcher for `routes`; where `audit` throws, the action does not happen.
    public init(
        routes: Routes, now: @escaping @Sendable () -> Date, audit: @escaping @Sendable (Event) async throws -> Void
    ) {
        self.routes = routes
        self.now = now
        self.audit = audit
    }

    /// Finds the route of `name` for `caller`.
    ///
    /// - Throws: ``KithError`` `denied`, or `capability.unknown`: the catalogue is no secret.
    func route(_ name: String, for caller: Caller) async throws -> Routes.Route {
        guard let route = routes.table[name] else {
            throw KithError(
                .capabilityUnknown, "There is no capability `\(name)`.", hint: "See `kith call --list`.")
        }
        guard authorizes(caller, route.capability.grant) else {
            try await audit(Event(caller: caller, action: name, object: nil, result: "denied"))
            throw KithError(
                .denied, "This node does not let you do that (`\(name)`).",
                hint: Self.remedy(for: caller, route.capability.grant))
        }
        return route
    }

    private static func remedy(for caller: Caller, _ grant: Grant) -> String {
        guard case .peer(let peer) = caller, grant != .owner else { return "Only its owner can, at that machine." }
        return "Its owner can allow it there: `kith peers grant \(peer.name) --allow \(grant.rawValue)`."
    }

    /// The one decision about authority at the level of capabilities.
    private func authorizes(_ caller: Caller, _ grant: Grant) -> Bool {
        switch caller {
        case .owner: true
        case .peer(let peer): peer.grants.allows(grant, at: now())
        }
    }

    /// Answers a call in JSON.
    public func call(_ name: String, _ json: [UInt8], from caller: Caller) async throws -> [UInt8] {
        let route = try await route(name, for: caller)
        guard case .call(let answer) = route.answer else { throw Self.wrongShape(name, route) }
        return try await audited(route, json, caller) { try await answer($0) }
    }

    /// Answers a feed; `write` gets one JSON value at a time.
    public func feed(
        _ name: String, _ json: [UInt8], from caller: Caller, write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let route = try await route(name, for: caller)
        guard case .feed(let answer) = route.answer else { throw Self.wrongShape(name, route) }
        try await audited(route, json, caller) { try await answer($0, write) }
    }

    /// Answers a pipe: reads the opening, lets the service talk, sends the end or the failure.
    public func pipe(_ name: String, over duplex: Duplex, from caller: Caller) async throws {
        let route = try await route(name, for: caller)
        guard case .pipe(let answer) = route.answer else { throw Self.wrongShape(name, route) }
        do {
            guard let opening = try await duplex.receive(), opening.kind == .open else {
                throw KithError(.protocolViolation, "The pipe did not begin with an opening.")
            }
            let end = try await audited(route, opening.payload, caller) { try await answer($0, duplex) }
            try await duplex.send(Frame(.end, end))
        } catch {
            try await duplex.send(Frame(.failure, json: KithError(wrapping: error)))
        }
    }

    private static func wrongShape(_ name: String, _ route: Routes.Route) -> KithError {
        KithError(
            .requestInvalid, "`\(name)` is a \(route.capability.shape.rawValue).", hint: "See GET /v1/openapi.json.")
    }

    /// Writes `began` before the effect of what changes something, and the result after it.
    private func audited<Result>(
        _ route: Routes.Route, _ json: [UInt8], _ caller: Caller, _ answer: (Routes.Request) async throws -> Result
    ) async throws -> Result {
        let capability = route.capability
        let trail = Trail(isNeeded: capability.leavesTrail)
        let request = Routes.Request(json: json, caller: caller) { object in
            await trail.note(object)
            guard capability.isGuarded else { return }
            try await audit(
                Event(caller: caller, action: capability.name, object: object, result: "began"))
        }
        do {
            let result = try await answer(request)
            try await close(trail, capability, caller, "ok")
            return result
        } catch {
            let failure = KithError(wrapping: error)
            try await close(trail, capability, caller, failure.code.rawValue)
            throw failure
        }
    }

    private func close(_ trail: Trail, _ capability: any Capability.Type, _ caller: Caller, _ result: String)
        async throws
    {
        guard trail.isNeeded || result == ErrorCode.denied.rawValue else { return }
        let object = await trail.object
        try await audit(
            Event(caller: caller, action: capability.name, object: object, result: result))
    }
}

/// What one request was about, known once it is decoded.
private actor Trail {
    nonisolated let isNeeded: Bool
    private(set) var object: String?

    init(isNeeded: Bool) { self.isNeeded = isNeeded }

    func note(_ object: String?) { self.object = object }
}

extension Capability {
    /// Whether the audit must know before it happens: commands, files, administration.
    static var isGuarded: Bool {
        guard !isReadOnly else { return false }
        switch grant {
        case .exec, .terminal, .filesRead, .filesWrite, .owner, .agent: return true
        default: return false
        }
    }

    /// Whether its result is recorded at all; looking around leaves no trail unless it is denied.
    static var leavesTrail: Bool { !isReadOnly }
}
