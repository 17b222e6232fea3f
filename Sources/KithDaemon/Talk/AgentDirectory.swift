import KithAPI
import KithStore
import KithTrust
import KithWire

/// Knows which agents there are, here and on paired nodes, and whom people mean by their words.
actor AgentDirectory {
    /// Whom words mean now, and which nodes could not be asked.
    struct Resolution {
        var recipients: [MessageDraft.Recipient] = []
        var unreached: [UnreachedNode] = []
    }

    /// The agents of one node, as it said itself.
    private struct Answer {
        var cards: [AgentCard]
        var at: ContinuousClock.Instant
    }

    private let agents: AgentStore
    private let book: TrustBook
    private let client: PeerClient
    private let status: StatusService
    private var answers: [PeerID: Answer] = [:]

    /// How long a node may take to say who lives there, and how long its answer serves for a single name.
    private static let seconds = 3.0
    private static let freshness = Duration.seconds(30)

    init(agents: AgentStore, book: TrustBook, client: PeerClient, status: StatusService) {
        self.agents = agents
        self.book = book
        self.client = client
        self.status = status
    }

    /// What this node calls itself.
    nonisolated var nodeName: String { status.identity.name.text }

    // MARK: Cards

    /// The cards of this node, with its name.
    func here() async throws -> [AgentCard] {
        let name = status.identity.name.text
        return try await agents.list().map { card in
            var card = card
            card.node = name
            return card
        }
    }

    /// The cards of every paired node that answers.
    func everywhere() async -> (cards: [AgentCard], unreached: [UnreachedNode]) {
        let peers = activePeers
        let answers = await withTaskGroup(of: (PinnedPeer, Result<[AgentCard], any Error>).self) { group in
            for peer in peers { group.addTask { (peer, await self.ask(peer)) } }
            var answers: [(PinnedPeer, Result<[AgentCard], any Error>)] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
        var all: (cards: [AgentCard], unreached: [UnreachedNode]) = ([], [])
        for (peer, answer) in answers {
            switch answer {
            case .success(let cards): all.cards += cards
            case .failure(let error):
                all.unreached.append(UnreachedNode(node: peer.name.text, reason: KithError(wrapping: error).message))
            }
        }
        all.cards.sort { ($0.node, $0.agent.text) < ($1.node, $1.agent.text) }
        all.unreached.sort { $0.node < $1.node }
        return all
    }

    /// One agent: `name`, `name@node` or `@node`.
    func card(_ word: String) async throws -> AgentCard {
        let recipient = try await one(AgentTarget(word), word)
        let cards: [AgentCard]
        if let node = recipient.node { cards = try await self.cards(of: node) } else { cards = try await here() }
        guard let card = cards.first(where: { $0.agent == recipient.agent }) else {
            throw unknown(word, among: cards.map(\.agent.text))
        }
        return card
    }

    private var activePeers: [PinnedPeer] { book.peers.filter { $0.state == .active } }

    private func ask(_ peer: PinnedPeer) async -> Result<[AgentCard], any Error> {
        do {
            let reply = try await client.call(ListAgents(), on: peer.id.text, seconds: Self.seconds)
            let cards = reply.agents.prefix(AgentStore.maximum).map { card in
                var card = card
                card.node = peer.name.text
                return card
            }
            answers[peer.id] = Answer(cards: Array(cards), at: .now)
            return .success(Array(cards))
        } catch {
            return .failure(error)
        }
    }

    private func cards(of node: PeerID) async throws -> [AgentCard] {
        guard let peer = activePeers.first(where: { $0.id == node }) else {
            throw KithError(.peerUnknown, "The node \(node.short) is not paired.")
        }
        return try await ask(peer).get()
    }

    // MARK: Resolving

    /// Whom the words mean.
    ///
    /// - Throws: `agent.unknown` or `agent.ambiguous` with suggestions, `peer.unknown`; then nothing is to be sent.
    func resolve(_ words: [String], except sender: AgentName) async throws -> Resolution {
        var resolution = Resolution()
        var seen: Set<MessageDraft.Recipient> = []
        let targets = words.map { ($0, AgentTarget($0)) }
        let isWide = targets.contains { $0.1.isSelector }
        let wide = isWide ? await everywhere() : (cards: [], unreached: [])
        resolution.unreached = wide.unreached
        let all = isWide ? try await here() + wide.cards : []
        for (word, target) in targets {
            let found = target.isSelector ? matching(target, all, except: sender) : [try await one(target, word)]
            guard !found.isEmpty else { throw unknown(word, among: Self.words(all), unreached: wide.unreached) }
            resolution.recipients += found.filter { seen.insert($0).inserted }
        }
        return resolution
    }

    private func matching(_ target: AgentTarget, _ cards: [AgentCard], except sender: AgentName)
        -> [MessageDraft.Recipient]
    {
        let own = status.identity.name.text
        return cards.filter { target.fits($0) && !($0.node == own && $0.agent == sender) }.compactMap { card in
            card.node == own
                ? MessageDraft.Recipient(agent: card.agent, node: nil)
                : peer(named: card.node).map { MessageDraft.Recipient(agent: card.agent, node: $0) }
        }
    }

    private func peer(named name: String) -> PeerID? { activePeers.first { $0.name.text == name }?.id }

    private func one(_ target: AgentTarget, _ word: String) async throws -> MessageDraft.Recipient {
        switch target {
        case .agent(let name, let node?): return try await agent(name, on: node, word)
        case .node(let node): return try await agent(nil, on: node, word)
        case .agent(let name, nil): return try await agent(name, word)
        default: throw KithError(.requestInvalid, "`\(word)` may mean many agents; one is needed here.")
        }
    }

    /// An agent of this node; else the only one of that name on a paired node.
    private func agent(_ name: String, _ word: String) async throws -> MessageDraft.Recipient {
        let own = try await here()
        if let card = own.first(where: { $0.agent.text == name }) {
            return MessageDraft.Recipient(agent: card.agent, node: nil)
        }
        guard (try? book.find(name)) == nil, name != nodeName else {
            throw KithError(
                .agentUnknown, "`\(name)` is a node, not an agent.", hint: "Its first agent is `@\(name)`.",
                details: ["suggestions": "@\(name)"])
        }
        let others = await everywhere()
        let found = others.cards.filter { $0.agent.text == name }
        guard let first = found.first, let node = peer(named: first.node) else {
            throw unknown(word, among: (own + others.cards).map(Self.address))
        }
        guard found.count == 1 else {
            let list = found.map(Self.address).joined(separator: ", ")
            throw KithError(
                .agentAmbiguous, "More than one agent is called `\(name)`.", hint: "Say which: \(list).",
                details: ["suggestions": list])
        }
        return MessageDraft.Recipient(agent: first.agent, node: node)
    }

    private static let away: Set<ErrorCode> = [.peerOffline, .linkLost, .timedOut, .peerNotPaired]
    /// The agent that every node begins with: whom `@node` means where the node cannot be asked.
    private static let usualName = "main"

    /// An agent of a named node; a node that is away takes the name at its word, and refuses it later if need be.
    private func agent(_ name: String?, on node: String, _ word: String) async throws -> MessageDraft.Recipient {
        let own = status.identity
        guard node != own.name.text, !PeerName.isThisNode(node),
            !(node.utf8.count >= 4 && own.id.text.hasPrefix(node))
        else {
            return MessageDraft.Recipient(agent: try await agents.find(try name.map(Self.checked)).agent, node: nil)
        }
        let peer = try book.find(node)
        let known: [AgentCard]
        do {
            known = try await cards(of: peer.id, name)
        } catch let error as KithError where Self.away.contains(error.code) {
            return MessageDraft.Recipient(agent: try Self.checked(name ?? Self.usualName), node: peer.id)
        }
        guard let card = known.first(where: { name == nil ? $0.isDefault : $0.agent.text == name }) else {
            throw unknown(word, among: known.map(Self.address))
        }
        return MessageDraft.Recipient(agent: card.agent, node: peer.id)
    }

    /// An answer of a moment ago serves if the name is in it.
    private func cards(of node: PeerID, _ name: String?) async throws -> [AgentCard] {
        let known = answers[node].flatMap { ContinuousClock.now - $0.at < Self.freshness ? $0.cards : nil }
        if let known, known.contains(where: { name == nil ? $0.isDefault : $0.agent.text == name }) { return known }
        return try await cards(of: node)
    }

    private static func checked(_ name: String) throws(KithError) -> AgentName {
        guard let agent = AgentName(name) else {
            throw KithError(.requestInvalid, "`\(name)` cannot be the name of an agent.")
        }
        return agent
    }

    private static func address(_ card: AgentCard) -> String { "\(card.agent)@\(card.node)" }

    private static func words(_ cards: [AgentCard]) -> [String] {
        Array(
            Set(
                cards.flatMap { card in
                    card.labels.map { "label:\($0)" } + card.tags.map { "tag:\($0)" }
                        + card.capabilities.map { "cap:\($0)" }
                })
        ).sorted()
    }

    private nonisolated func unknown(
        _ word: String, among known: [String], unreached: [UnreachedNode] = []
    ) -> KithError {
        let near = known.sorted { $0.distance(to: word) < $1.distance(to: word) }.prefix(5)
        let suggestions = near.joined(separator: ", ")
        let away =
            unreached.isEmpty ? "" : " Not asked, for they are away: \(unreached.map(\.node).joined(separator: ", "))."
        return KithError(
            .agentUnknown, "No agent is meant by `\(word)`." + away,
            hint: suggestions.isEmpty
                ? "`kith agent list --everywhere` shows who is there." : "There are: \(suggestions).",
            details: ["suggestions": suggestions])
    }
}
