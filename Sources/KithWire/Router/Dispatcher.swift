public import FoundationEssentials
public import KithAPI
public import Logging
import Synchronization

/// The one place where a question meets its answer: finds it by name, checks the caller's authority
/// before anything is decoded, writes the audit, and answers.
public struct Dispatcher: Sendable {
    /// What the audit is told: who, which capability, to what, with which result.
    public struct Event: Sendable {
        /// Who asked.
        public let caller: Caller
        /// The agent that asked for the owner, if one did.
        public var session: AgentSession?
        /// Which capability.
        public let action: String
        /// What it was done to.
        public let object: String?
        /// `began`, `ok`, `denied` or the code of an error.
        public let result: String
    }

    /// How this node speaks with others.
    public let speaker: Speaker
    /// Counts, if somebody wants to know.
    let metrics: WireMetrics?
    /// Where each answer is noted at `debug`, never with what was asked.
    public var logger: Logger?
    private let routes: Routes
    private let now: @Sendable () -> Date
    private let audit: @Sendable (Event) async throws -> Void

    /// A dispatcher for `routes`; where `audit` throws, the action does not happen.
    public init(
        routes: Routes, speaker: Speaker = Speaker(), metrics: WireMetrics? = nil, now: @escaping @Sendable () -> Date,
        audit: @escaping @Sendable (Event) async throws -> Void
    ) {
        self.speaker = speaker
        self.metrics = metrics
        self.routes = routes
        self.now = now
        self.audit = audit
    }

    /// Who asks: the caller that the door decided on, and the agent that speaks for it.
    struct Asker: Sendable {
        let caller: Caller
        var session: AgentSession?
    }

    /// Finds the route of `name` for `asker`.
    ///
    /// - Throws: ``KithError`` `denied`, or `capability.unknown`: the catalogue is no secret.
    func route(_ name: String, for asker: Asker) async throws -> Routes.Route {
        guard let route = routes.table[name] else {
            metrics?.failed("unknown", .capabilityUnknown)
            say(asker, "unknown", ErrorCode.capabilityUnknown.rawValue)
            throw KithError(
                .capabilityUnknown, "There is no capability `\(name)`.", hint: "See `kith call --list`.")
        }
        guard authorizes(asker, route.capability) else {
            metrics?.failed(name, .denied)
            say(asker, name, ErrorCode.denied.rawValue)
            try await record(asker, name, nil, "denied")
            throw KithError(
                .denied, "\(speaker.name()) does not let you do that (`\(name)`).",
                hint: remedy(for: asker.caller, route.capability.grant))
        }
        return route
    }

    /// Decides, and records, what an agent asks a peer through this node: the peer sees only this node, which
    /// may hold grants there that its agents must not use.
    ///
    /// - Throws: ``KithError`` `denied`, or `capability.unknown` for what this version cannot judge.
    func passOn(_ name: String, to peer: String, for session: AgentSession) async throws {
        let asker = Asker(caller: .owner, session: session)
        let object = "peer \(peer)"
        guard let capability = Catalogue.find(name) else {
            throw KithError(
                .capabilityUnknown, "An agent may ask a peer only what this node knows, which is not `\(name)`.",
                hint: "Update Kith here.")
        }
        guard session.mayAsk(capability) else {
            try await record(asker, name, object, "denied")
            throw KithError(
                .denied, "An agent may not ask `\(peer)` that (`\(name)`).", hint: "Its owner can, with `kith`.")
        }
        if capability.leavesTrail {
            try await record(asker, capability.name, object, "began")
        }
    }

    private func remedy(for caller: Caller, _ grant: Grant) -> String {
        guard case .peer(let peer) = caller, grant != .owner else { return "Only its owner can, at that machine." }
        return peer.remedy(for: grant)
    }

    /// The one decision about authority at the level of capabilities.
    private func authorizes(_ asker: Asker, _ capability: any Capability.Type) -> Bool {
        switch asker.caller {
        case .owner: asker.session?.mayAsk(capability) ?? true
        case .peer(let peer): peer.grants.allows(capability.grant, at: now())
        }
    }

    private func record(_ asker: Asker, _ action: String, _ object: String?, _ result: String) async throws {
        try await audit(
            Event(caller: asker.caller, session: asker.session, action: action, object: object, result: result))
    }

    /// Answers a call in JSON.
    public func call(_ name: String, _ json: [UInt8], from caller: Caller) async throws -> [UInt8] {
        try await call(name, json, from: Asker(caller: caller))
    }

    /// Answers a feed; `write` gets one JSON value at a time.
    public func feed(
        _ name: String, _ json: [UInt8], from caller: Caller, write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await feed(name, json, from: Asker(caller: caller), write: write)
    }

    /// Answers a pipe: reads the opening, lets the service talk, sends the end or the failure.
    public func pipe(_ name: String, over duplex: Duplex, from caller: Caller) async throws {
        try await pipe(name, over: duplex, from: Asker(caller: caller))
    }

    func call(_ name: String, _ json: [UInt8], from asker: Asker) async throws -> [UInt8] {
        let route = try await route(name, for: asker)
        guard case .call(let answer) = route.answer else { throw Self.wrongShape(name, route) }
        return try await audited(route, json, asker) { try await answer($0) }
    }

    func feed(
        _ name: String, _ json: [UInt8], from asker: Asker, write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let route = try await route(name, for: asker)
        guard case .feed(let answer) = route.answer else { throw Self.wrongShape(name, route) }
        try await audited(route, json, asker) { try await answer($0, write) }
    }

    func pipe(_ name: String, over duplex: Duplex, from asker: Asker) async throws {
        let route = try await route(name, for: asker)
        guard case .pipe(let answer) = route.answer else { throw Self.wrongShape(name, route) }
        do {
            guard let opening = try await duplex.receive(), opening.kind == .open else {
                throw KithError(.protocolViolation, "The pipe did not begin with an opening.")
            }
            let end = try await audited(route, opening.payload, asker) { try await answer($0, duplex) }
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
        _ route: Routes.Route, _ json: [UInt8], _ asker: Asker, _ answer: (Routes.Request) async throws -> Result
    ) async throws -> Result {
        let capability = route.capability
        let trail = Trail(isNeeded: capability.leavesTrail)
        let request = Routes.Request(json: json, caller: asker.caller) { object in
            trail.note(object)
            guard capability.isGuarded else { return }
            try await record(asker, capability.name, object, "began")
        }
        let start = ContinuousClock.now
        do {
            let result = try await answer(request)
            try await close(trail, capability, asker, "ok")
            metrics?.answered(capability.name, in: .now - start, nil)
            say(asker, capability.name, "ok", since: start)
            return result
        } catch {
            let failure = KithError(wrapping: error)
            metrics?.answered(capability.name, in: .now - start, failure.code)
            say(asker, capability.name, failure.code.rawValue, since: start)
            try await close(trail, capability, asker, failure.code.rawValue)
            throw failure
        }
    }

    private func say(_ asker: Asker, _ name: String, _ result: String, since start: ContinuousClock.Instant? = nil) {
        logger?.debug(
            "answered",
            metadata: [
                "caller": "\(asker.caller)", "capability": "\(name)", "result": "\(result)",
                "milliseconds": "\(start.map { $0.duration(to: .now).milliseconds } ?? "0")",
            ])
    }

    private func close(_ trail: Trail, _ capability: any Capability.Type, _ asker: Asker, _ result: String)
        async throws
    {
        guard trail.isNeeded || result == ErrorCode.denied.rawValue else { return }
        try await record(asker, capability.name, trail.object, result)
    }
}

/// What one request was about, known once it is decoded.
private final class Trail: Sendable {
    let isNeeded: Bool
    private let noted = Mutex<String?>(nil)

    init(isNeeded: Bool) { self.isNeeded = isNeeded }

    var object: String? { noted.withLock(\.self) }

    func note(_ object: String?) { noted.withLock { $0 = object } }
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
