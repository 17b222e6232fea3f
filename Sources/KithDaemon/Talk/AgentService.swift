import KithAPI
import KithStore

/// Answers about agents, and holds their sessions.
struct AgentService: Sendable {
    /// How long after a start a session may be taken up again before it counts as ended.
    static let patience = Duration.seconds(90)

    let store: AgentStore
    let directory: AgentDirectory
    let sessions: AgentSessions
    let messages: MessageStore
    let postman: Postman
    let leases: LeaseKeeper

    func register(_ request: RegisterAgent, from caller: Caller) async throws -> AgentCard {
        try caller.requireOwner("Registering an agent")
        return try await complete(try await store.register(request))
    }

    /// A peer sees the agents of this node, never those of others.
    func list(_ request: ListAgents, from caller: Caller) async throws -> ListAgents.Reply {
        let here = try await directory.here().map(present)
        guard request.everywhere == true else { return ListAgents.Reply(agents: here, unreached: []) }
        try caller.requireOwner("Asking other nodes")
        let others = await directory.everywhere()
        return ListAgents.Reply(agents: here + others.cards, unreached: others.unreached)
    }

    func status(_ request: GetAgent, from caller: Caller) async throws -> AgentCard {
        try caller.requireOwner("Asking for one agent")
        let card = try await directory.card(request.agent)
        return card.node == directory.nodeName ? present(card) : card
    }

    /// Stays until the connection, or a newer session of the same agent, ends it.
    func hold(
        _ request: HoldAgent, from caller: Caller, write: @escaping @Sendable (AgentNews) async throws -> Void
    ) async throws {
        try caller.requireOwner("Holding a session")
        let card = try await store.begin(
            request.agent, session: request.session ?? Self.newSession, ifFree: request.ifFree == true)
        let session = AgentSessions.Session(agent: card.agent, epoch: card.epoch)
        let (number, news) = sessions.begin(session)
        defer { sessions.close(number, of: session) }
        await leases.attach(session)
        try await write(try await line(.began, card))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await one in news { try await write(one) } }
            group.addTask { try await followInbox(of: card, write) }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
        throw KithError(.conflict, "A later session of \(card.agent) has begun.", hint: "Only the latest one counts.")
    }

    /// Does what the end of a session asks for, until cancelled.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await session in sessions.ended { await end(session) } }
            group.addTask { try await endLeftOpen() }
            try await group.waitForAll()
        }
    }

    /// Sessions that were held when the daemon was killed, and that nobody took up again.
    private func endLeftOpen() async throws {
        let left = try await store.leftOpen()
        guard !left.isEmpty else { return }
        try await Task.sleep(for: Self.patience)
        for (agent, epoch) in left where sessions.epoch(of: agent) != epoch {
            await end(AgentSessions.Session(agent: agent, epoch: epoch))
        }
    }

    private func end(_ session: AgentSessions.Session) async {
        await leases.release(session)
        guard (try? await store.end(session.agent, epoch: session.epoch)) == true,
            let change = try? await messages.endSession(of: session.agent)
        else { return }
        await postman.noteReceipts(for: change.nodes)
    }

    private func followInbox(
        of card: AgentCard, _ write: @escaping @Sendable (AgentNews) async throws -> Void
    ) async throws {
        let bell = try messages.bell(card.agent)
        var known = try await messages.freshCount(card.agent)
        for await _ in bell {
            let waiting = try await messages.freshCount(card.agent)
            if waiting > known { try await write(try await line(.mail, card)) }
            known = waiting
        }
    }

    private func line(_ kind: AgentNews.Kind, _ card: AgentCard) async throws -> AgentNews {
        AgentNews(kind: kind, epoch: card.epoch, waiting: try await messages.freshCount(card.agent))
    }

    private func complete(_ card: AgentCard) async throws -> AgentCard {
        guard let found = try await directory.here().first(where: { $0.agent == card.agent }) else { return card }
        return present(found)
    }

    private func present(_ card: AgentCard) -> AgentCard {
        var card = card
        if sessions.epoch(of: card.agent) == card.epoch { card.isPresent = true }
        return card
    }

    private static var newSession: String { "s\(UInt64.random(in: 0 ... .max))" }
}
