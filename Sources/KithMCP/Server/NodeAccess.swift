import KithAPI

/// How the server asks the mesh: two closures, so that it neither knows nor cares where the daemon is.
public struct NodeAccess: Sendable {
    /// One question in JSON.
    public struct Question: Sendable {
        /// The dotted name, for example `context.set`.
        public let capability: String
        /// The request as JSON.
        public let json: [UInt8]
        /// The peer that is to answer; nil for this node.
        public let peer: String?
        /// What the MCP client calls itself, for the audit log.
        public let client: String
    }

    /// Asks a call; answers the bytes of the reply. Cancelling the task gives the question up.
    public let call: @Sendable (Question) async throws -> [UInt8]
    /// Asks a feed; hands over one element at a time.
    public let feed: @Sendable (Question, @Sendable ([UInt8]) async throws -> Void) async throws -> Void

    /// Access through these closures; both throw ``KithError``.
    public init(
        call: @escaping @Sendable (Question) async throws -> [UInt8],
        feed: @escaping @Sendable (Question, @Sendable ([UInt8]) async throws -> Void) async throws -> Void
    ) {
        self.call = call
        self.feed = feed
    }
}
