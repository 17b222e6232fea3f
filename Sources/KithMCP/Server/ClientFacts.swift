import KithAPI

/// What a client says of itself, for one request. It is display and form, never authority.
struct ClientFacts: Equatable, Sendable {
    var revision: Revision
    /// Its name, for the audit log.
    var name: String
    /// Whether it can put a form to its person.
    var canElicit = false
    /// Whether it understands tasks in place of results.
    var hasTasks = false

    /// A client of the handshake, from the params of `initialize`.
    init(initialize params: [String: JSONValue]) throws(RPCError) {
        guard let asked = params["protocolVersion"]?.text else {
            throw .invalidParams("`protocolVersion` is missing.")
        }
        guard let capabilities = (params["capabilities"] ?? .object([:] as [String: JSONValue])).members else {
            throw .invalidParams("`capabilities` must be an object.")
        }
        revision = Revision.negotiated(asked)
        name = Self.name(params["clientInfo"])
        canElicit = capabilities["elicitation"]?.members != nil && revision.rawValue >= Revision.june2025.rawValue
    }

    /// A client that carries everything in the request.
    init(modern request: Request) throws(RPCError) {
        guard let version = request.meta[MetaKey.protocolVersion],
            let capabilities = request.meta[MetaKey.clientCapabilities]?.members
        else {
            throw .invalidParams(
                "`params._meta` must carry `\(MetaKey.protocolVersion)` and `\(MetaKey.clientCapabilities)`, "
                    + "or the connection must begin with `initialize`.")
        }
        guard let text = version.text else { throw .invalidParams("`\(MetaKey.protocolVersion)` must be text.") }
        guard let revision = Revision(rawValue: text), !revision.isLegacy else { throw .unsupported(text) }
        self.revision = revision
        name = Self.name(request.meta[MetaKey.clientInfo])
        // An empty `elicitation` means forms, as before there was anything else.
        if let elicitation = capabilities["elicitation"]?.members {
            canElicit = elicitation["form"] != nil || elicitation["url"] == nil
        }
        hasTasks = capabilities["extensions"]?[MetaKey.tasks] != nil
    }

    /// A client of the handshake whose facts are known already.
    init(revision: Revision, name: String) {
        self.revision = revision
        self.name = name
    }

    private static func name(_ info: JSONValue?) -> String { info?["name"]?.text ?? "unknown" }
}

extension Request {
    /// Whether it carries the envelope of the newer era.
    var isModern: Bool { meta[MetaKey.protocolVersion] != nil }
}
