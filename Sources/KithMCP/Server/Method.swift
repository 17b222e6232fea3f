import KithAPI

/// A method of the protocol: in which era it exists, and how it is answered.
struct Method: Sendable {
    enum Era: Sendable {
        case legacy, modern, both
    }

    let era: Era
    let answer: @Sendable (Errand) async throws -> MethodResult

    init(_ era: Era = .both, _ answer: @escaping @Sendable (Errand) async throws -> MethodResult) {
        self.era = era
        self.answer = answer
    }

    func isServed(at revision: Revision) -> Bool {
        switch era {
        case .both: true
        case .legacy: revision.isLegacy
        case .modern: !revision.isLegacy
        }
    }

    /// All of them; `initialize` and subscriptions of the older era belong to the connection.
    static let table: [String: Method] = [
        "ping": Method(.legacy) { _ in MethodResult([:]) },
        "server/discover": Method(.modern) { _ in ServerCard.discovery },
        "tools/list": Method { try ToolTable.list($0) },
        "tools/call": Method { try await ToolTable.call($0) },
        "resources/list": Method { try ResourceShelf.list($0) },
        "resources/templates/list": Method { try ResourceShelf.templates($0) },
        "resources/read": Method { try await ResourceShelf.read($0) },
        "prompts/list": Method { try PromptBook.list($0) },
        "prompts/get": Method { try PromptBook.get($0) },
        "completion/complete": Method { try await Completions.complete($0) },
        "subscriptions/listen": Method(.modern) { try await Subscription.listen($0) },
        "tasks/get": Method(.modern) { try await JobTask.get($0) },
        "tasks/update": Method(.modern) { try await JobTask.update($0) },
        "tasks/cancel": Method(.modern) { try await JobTask.cancel($0) },
    ]
}

/// A result before it takes the form of a revision.
struct MethodResult: Sendable {
    /// How long, and for whom, a result may be kept.
    struct Lifetime: Sendable {
        let milliseconds: Int
        let isPublic: Bool

        /// The same for everyone who runs this version.
        static let build = Lifetime(milliseconds: 3_600_000, isPublic: true)
        /// True now.
        static let now = Lifetime(milliseconds: 0, isPublic: false)
    }

    var members: [String: JSONValue]
    var kind = "complete"
    var lifetime: Lifetime?
    var meta: [String: JSONValue] = [:]
    /// What is to be done once the client has it.
    var afterwards: (@Sendable () async -> Void)?

    init(_ members: [String: JSONValue?], lifetime: Lifetime? = nil) {
        self.members = members.compactMapValues { $0 }
        self.lifetime = lifetime
    }

    func json(at revision: Revision) -> JSONValue {
        var all = members
        var meta = meta
        if !revision.isLegacy {
            all["resultType"] = .string(kind)
            meta[MetaKey.serverInfo] = ServerCard.implementation
            if let lifetime {
                all["ttlMs"] = .integer(lifetime.milliseconds)
                all["cacheScope"] = lifetime.isPublic ? "public" : "private"
            }
        }
        if !meta.isEmpty { all["_meta"] = .object(meta) }
        return .object(all)
    }
}

extension Errand {
    /// Lists here fit on one page, so any cursor is one that we did not give.
    func requireFirstPage() throws(RPCError) {
        guard request.params["cursor"] == nil else { throw .invalidParams("There is no page after the first.") }
    }

    /// A text among the params.
    func text(_ name: String) throws(RPCError) -> String {
        guard let text = request.params[name]?.text else { throw .invalidParams("`\(name)` must be text.") }
        return text
    }
}
