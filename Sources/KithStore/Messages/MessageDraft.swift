public import KithAPI

/// A message whose words were resolved into agents, ready to be stored.
public struct MessageDraft: Sendable {
    /// An agent on a node; no node means this one.
    public struct Recipient: Sendable, Hashable {
        /// The agent.
        public let agent: AgentName
        /// Its node; nil for this one.
        public let node: PeerID?

        /// A recipient.
        public init(agent: AgentName, node: PeerID?) {
            self.agent = agent
            self.node = node
        }
    }

    let sender: AgentName
    let request: SendMessage
    let recipients: [Recipient]
    let fingerprint: String?

    /// A draft of what `sender` asked for.
    ///
    /// - Throws: `request.invalid` and `request.too_large`, see ``SendMessage``.
    public init(_ request: SendMessage, from sender: AgentName, to recipients: [Recipient]) throws {
        try MessageLimits.check(request)
        self.request = request
        self.sender = sender
        self.recipients = recipients
        fingerprint = try request.idempotencyKey == nil ? nil : Self.fingerprint(of: request)
    }
}
