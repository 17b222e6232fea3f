public import KithAPI

/// An agent that asks for a task: its card, and the node that the door saw.
public struct Claimant: Sendable {
    let card: AgentCard
    let epoch: Int
    let node: PeerID?

    /// A claimant; no node means this one.
    public init(card: AgentCard, epoch: Int, node: PeerID?) {
        self.card = card
        self.epoch = epoch
        self.node = node
    }

    var agent: String { card.agent.text }
    var nodeText: String { node?.text ?? "" }

    /// Whether one of the words of a target means it; an empty target means everybody.
    func fits(_ target: [String], _ naming: NodeNaming) -> Bool {
        target.isEmpty || target.contains { fits($0, naming) }
    }

    private func fits(_ word: String, _ naming: NodeNaming) -> Bool {
        let target = AgentTarget(word)
        switch target {
        case .all: return true
        case .label, .tag, .capability: return target.fits(card)
        case .agent(let name, nil): return name == agent
        case .agent(let name, let node?): return name == agent && naming.means(node, nodeText)
        case .node(let node): return card.isDefault && naming.means(node, nodeText)
        }
    }
}
