import Foundation
import KithAPI
import Testing

@testable import KithStore

/// The stores of several nodes, and the post between them, without a network.
struct Fleet: Sendable {
    /// One node of it.
    struct Node: Sendable {
        let id: PeerID
        let store: Store
        let messages: MessageStore
        let tasks: TaskStore

        func register(_ agents: String...) async throws {
            for agent in agents {
                _ = try await store.agents.register(RegisterAgent(agent: AgentName(nearest: agent)))
            }
        }

        /// Sends from an agent of this node.
        @discardableResult
        func send(_ request: SendMessage, to recipients: [(String, Node?)]) async throws -> SendMessage.Reply {
            let drafts = recipients.map { MessageDraft.Recipient(agent: AgentName(nearest: $0.0), node: $0.1?.id) }
            let draft = try MessageDraft(request, from: request.agent ?? .main, to: drafts)
            return try await messages.post(draft).reply
        }

        func inbox(_ agent: String = "main", peek: Bool = false) async throws -> [InboxEntry] {
            try await messages.inbox(ReadInbox(limit: 1_000, peek: peek), of: AgentName(nearest: agent)).entries
        }

        /// What waits for `other`.
        func letters(to other: Node) async throws -> [Letter] {
            try await messages.parcel(to: other.id, letters: 100, receipts: 0).letters
        }

        /// Hands everything for `other` over, as couriers do; `loses` drops the answers.
        func deliver(to other: Node, loses: Bool = false) async throws {
            while case let letters = try await letters(to: other), !letters.isEmpty {
                let stream = try await messages.stream()
                let outcomes = try await other.messages.receive(letters, stream: stream, from: id).outcomes
                guard !loses else { return }
                try await messages.settle(outcomes, from: other.id)
            }
        }

        /// Takes back what `other` has to say about messages of this node.
        func collectReceipts(from other: Node) async throws {
            let receipts = try await other.messages.parcel(to: id, letters: 0, receipts: 1_000).receipts
            _ = try await messages.take(receipts, from: other.id)
            try await other.messages.receiptsTaken(receipts)
        }

        func states(of message: MessageID) async throws -> [DeliveryState] {
            try await messages.record(message).deliveries.map(\.state)
        }

        func claimant(_ agent: String = "main", epoch: Int = 1, from node: Node? = nil, caps: [String] = []) -> Claimant
        {
            let card = AgentCard(
                agent: AgentName(nearest: agent), node: "", labels: [], tags: [], capabilities: caps, epoch: epoch,
                isDefault: agent == "main", isPresent: true)
            return Claimant(card: card, epoch: epoch, node: node?.id)
        }
    }

    let laptop: Node
    let studio: Node
    let clock: ManualClock

    /// Two nodes for the length of `body`.
    static func with(limits: MessageLimits = MessageLimits(), _ body: (Fleet) async throws -> Void) async throws {
        try await Home.with { one in
            try await Home.with { two in
                let fleet = try Fleet(one, two, limits)
                try await body(fleet)
                try await fleet.laptop.store.close()
                try await fleet.studio.store.close()
            }
        }
    }

    private init(_ one: Home, _ two: Home, _ limits: MessageLimits) throws {
        clock = one.clock
        let names = try [(1, "laptop"), (2, "studio")].map { number, name in
            (try #require(PeerID(bytes: [UInt8](repeating: UInt8(number), count: 32))), name)
        }
        laptop = try Self.node(one, names[0], names, limits, one.clock)
        studio = try Self.node(two, names[1], names, limits, one.clock)
    }

    private static func node(
        _ home: Home, _ own: (PeerID, String), _ all: [(PeerID, String)], _ limits: MessageLimits, _ clock: ManualClock
    ) throws -> Node {
        let naming = NodeNaming(
            own: own.0, ownName: { own.1 }, name: { id in all.first { $0.0 == id }?.1 },
            find: { name in all.first { $0.1 == name }?.0 })
        let store = try Store.open(in: home.folder, now: clock.now)
        return Node(
            id: own.0, store: store, messages: MessageStore(store, naming: naming, limits: limits),
            tasks: TaskStore(store, naming: naming))
    }
}
