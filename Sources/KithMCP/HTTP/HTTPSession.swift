import KithAPI

/// What the older era agreed on, as the session id carries it.
struct HTTPSession: Equatable, Sendable {
    let revision: Revision
    let client: String
    let id: String

    init(_ client: ClientFacts, unique: String) {
        revision = client.revision
        self.client = AgentSession(client: client.name).client
        id = "\(revision.rawValue):\(self.client):\(unique)"
    }

    /// The session of a request; a client that was given none is of the revision that it names. Nil for an id
    /// that is not ours.
    init?(_ request: HTTPRequest) {
        guard let id = request["mcp-session-id"] else {
            revision = Revision(rawValue: request["mcp-protocol-version"] ?? "") ?? .march2025
            (client, self.id) = ("unknown", "-")
            return
        }
        let parts = id.split(separator: ":").map(String.init)
        guard parts.count == 3, let revision = Revision(rawValue: parts[0]), revision.isLegacy else { return nil }
        (self.revision, client, self.id) = (revision, AgentSession(client: parts[1]).client, id)
    }

    /// What a request of this session is called among those of all.
    func key(of request: RequestID) -> RequestID {
        switch request {
        case .text(let text): .text("\(id) \"\(text)\"")
        case .number(let number): .text("\(id) \(number)")
        }
    }
}
