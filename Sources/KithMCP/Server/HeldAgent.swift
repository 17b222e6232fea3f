import KithAPI

/// Who the client of a session is among agents: held at the daemon from the first word to others until the process
/// ends. Meanwhile the daemon renews its claims, however long it is silent; afterwards they are given back at once.
///
/// The first session on a machine is its default agent, which `@machine` means; the others are called after the client.
actor HeldAgent {
    /// The most sessions of one client that hold a name at once.
    private static let maximum = 64
    /// How often a lost daemon is looked for, at most a minute and a half in all: so long it keeps the session open.
    private static let pauses = [0.1, 0.2, 0.4, 0.8, 1.5, 3] + Array(repeating: 5.0, count: 17)

    private typealias News = AsyncThrowingStream<AgentNews, any Error>

    private let node: NodeAccess
    private let session = "mcp-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    private var held: AgentName?
    /// What it was called before the daemon was lost.
    private var last: AgentName?
    private var opening: Task<AgentName, any Error>?

    init(_ node: NodeAccess) { self.node = node }

    /// The name, if one is held.
    var current: AgentName? { held }

    /// The name, held from now on at the latest.
    ///
    /// - Throws: ``KithError`` where the daemon cannot be asked.
    func name(for client: String) async throws -> AgentName {
        if let held { return held }
        if let opening { return try await opening.value }
        let task = Task { try await self.open(client) }
        opening = task
        defer { opening = nil }
        return try await task.value
    }

    /// Holds again what was held before the daemon was lost, if anything was.
    func hold(for client: String) async throws {
        if last != nil { _ = try await name(for: client) }
    }

    private func open(_ client: String) async throws -> AgentName {
        for name in try await candidates(client) {
            guard let news = try await begin(name, client) else { continue }
            (held, last) = (name, name)
            Task { await self.stay(name, client, news) }
            return name
        }
        throw KithError(.limited, "\(Self.maximum) sessions of \(client) are open.", hint: "End one of them.")
    }

    private func candidates(_ client: String) async throws -> [AgentName] {
        let question = NodeAccess.Question(
            capability: ListAgents.name, json: Array("{}".utf8), peer: nil, client: client)
        let agents = try JSON.decode(ListAgents.Reply.self, from: try await node.call(question)).agents
        let own = AgentName(nearest: client).text
        let first = [last].compactMap { $0 } + agents.filter(\.isDefault).map(\.agent) + [AgentName(nearest: own)]
        return first + (2...Self.maximum).map { AgentName(nearest: "\(own.prefix(60))-\($0)") }
    }

    /// Holds `name`, and returns once that is so; nil where another session has it.
    private func begin(_ name: AgentName, _ client: String) async throws -> News? {
        let json = try JSON.encode(HoldAgent(agent: name, session: session, ifFree: true))
        let question = NodeAccess.Question(capability: HoldAgent.name, json: json, peer: nil, client: client)
        let (news, line) = News.makeStream(bufferingPolicy: .bufferingNewest(16))
        let holding = Task { [node] in
            do {
                try await node.feed(question) { line.yield(try JSON.decode(AgentNews.self, from: $0)) }
                line.finish()
            } catch {
                line.finish(throwing: error)
            }
        }
        line.onTermination = { _ in holding.cancel() }
        do {
            for try await _ in news { return news }
            throw KithError.linkLost("The daemon ended the session at once.")
        } catch let error as KithError where error.code == .conflict {
            return nil
        }
    }

    /// Stays until the hold is lost, and takes it up again: the same session keeps its claims.
    private func stay(_ name: AgentName, _ client: String, _ news: News) async {
        var news = news
        while true {
            do { for try await _ in news {} } catch {}
            held = nil
            guard let again = await resume(name, client) else { return }
            (held, news) = (name, again)
        }
    }

    /// The hold once more; nil if it is another's, or the daemon stays away: then the next word begins anew.
    private func resume(_ name: AgentName, _ client: String) async -> News? {
        for pause in Self.pauses where held == nil {
            do {
                return try await begin(name, client)
            } catch {
                try? await Task.sleep(for: .seconds(pause))
            }
        }
        return nil
    }
}

extension Errand {
    /// Who the client is among agents; nil where it has no session, and so is what the node's default agent is.
    func ownAgent() async throws -> AgentName? { try await server.agent?.name(for: client.name) }
}
