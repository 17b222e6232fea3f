public import KithAPI

/// How this node calls itself and others; names can change, ids cannot, so the database holds ids.
public struct NodeNaming: Sendable {
    /// The id of this node.
    public let own: PeerID
    private let ownName: @Sendable () -> String
    private let name: @Sendable (PeerID) -> String?
    private let find: @Sendable (String) -> PeerID?

    /// The names as the daemon knows them; a node that nobody knows any more goes by its short id.
    public init(
        own: PeerID, ownName: @escaping @Sendable () -> String, name: @escaping @Sendable (PeerID) -> String?,
        find: @escaping @Sendable (String) -> PeerID?
    ) {
        self.own = own
        self.ownName = ownName
        self.name = name
        self.find = find
    }

    /// The name of the node with this id as the database has it; nothing means this node.
    func text(_ node: String) -> String {
        guard !node.isEmpty else { return ownName() }
        guard let id = PeerID(node) else { return node }
        return name(id) ?? id.short
    }

    /// The peer that a person means by `word`.
    func id(_ word: String) -> PeerID? { find(word) }

    /// `agent@node`.
    func address(_ agent: String, _ node: String) -> String { "\(agent)@\(text(node))" }

    /// Whether `word` (a name, or the beginning of an id) means the node.
    func means(_ word: String, _ node: String) -> Bool {
        word == text(node) || (word.utf8.count >= 4 && (node.isEmpty ? own.text : node).hasPrefix(word))
    }
}
