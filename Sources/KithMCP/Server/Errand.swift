import KithAPI

/// One request on its way: who asks, through whom, and how to speak to the asker meanwhile.
struct Errand: Sendable {
    let server: MCPServer
    let request: Request
    let client: ClientFacts
    let outlet: Outlet
    private let begun = ContinuousClock.now

    init(server: MCPServer, request: Request, client: ClientFacts, outlet: Outlet) {
        (self.server, self.request, self.client, self.outlet) = (server, request, client, outlet)
    }

    /// For how long it has been served; what grows all the while is what progress may count in.
    var seconds: Double { (ContinuousClock.now - begun).seconds }

    /// Asks a call at `place`.
    func ask<C: Call>(_ question: C, at place: Place = .here) async throws -> C.Reply {
        try JSON.decode(C.Reply.self, from: try await raw(C.name, try JSON.encode(question), at: place))
    }

    /// Asks a call by name; the reply as it came, guarded.
    func raw(_ capability: String, _ json: [UInt8], at place: Place) async throws -> [UInt8] {
        let bytes = try await server.node.call(self.question(capability, json, place))
        _ = try JSONGuard.keys(of: bytes)
        return bytes
    }

    /// Asks a feed of this node.
    func feed<F: Feed>(_ question: F, _ each: @escaping @Sendable (F.Element) async throws -> Void) async throws {
        try await server.node.feed(self.question(F.name, try JSON.encode(question), .here)) { line in
            _ = try JSONGuard.keys(of: line)
            try await each(try JSON.decode(F.Element.self, from: line))
        }
    }

    private func question(_ capability: String, _ json: [UInt8], _ place: Place) -> NodeAccess.Question {
        NodeAccess.Question(capability: capability, json: json, peer: place.peer, client: client.name)
    }

    /// Tells the client how far it is, if it wants to know.
    func progress(_ progress: Double, of total: Double? = nil, _ message: String) async {
        guard let token = request.progressToken else { return }
        let params: [String: JSONValue?] = [
            "progressToken": token, "progress": .number(progress), "total": total.map(JSONValue.number),
            "message": .string(message),
        ]
        await outlet.notify("notifications/progress", params.compactMapValues { $0 })
    }

    var wantsProgress: Bool { request.progressToken != nil }
}

/// Where something is done.
enum Place: Equatable, Sendable {
    case here
    case peer(String)

    /// The place that a tool's `peer` means: `.` and `local` are this machine.
    init(_ word: String?) {
        guard let word, !PeerName.isThisNode(word) else {
            self = .here
            return
        }
        self = .peer(word)
    }

    var peer: String? {
        guard case .peer(let name) = self else { return nil }
        return name
    }

    /// How people call it.
    var name: String { peer ?? "this machine" }
    /// How a tool is told.
    var word: String { peer ?? "." }
}
