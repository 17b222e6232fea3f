public import KithAPI

/// What the service has to know of the node that it runs commands for.
public struct ExecNode: Sendable {
    /// The owner's login environment.
    public var environment: ExecEnvironment
    /// The absolute path of `kith`, which fences commands in.
    public var program: String
    /// Folders of the node's own, closed to every fenced command.
    public var protected: [String]
    /// Where fresh temporary folders are made; absolute.
    public var temporary: String
    /// Writes what happened on its own into the audit.
    public var record: @Sendable (ExecEvent) async throws -> Void
    /// What it calls itself, for refusals.
    public var name = "This node"
    /// Whether a peer holds a grant at this moment, whatever it held when it asked.
    public var holds: @Sendable (PeerID, Grant) -> Bool
    /// Told after each change of what runs; must not block.
    public var jobsChanged: @Sendable () -> Void = {}

    /// A node from its parts.
    public init(
        environment: ExecEnvironment, program: String, protected: [String] = [], temporary: String = "/tmp",
        record: @escaping @Sendable (ExecEvent) async throws -> Void = { _ in },
        holds: @escaping @Sendable (PeerID, Grant) -> Bool = { _, _ in true }
    ) {
        self.environment = environment
        self.program = program
        self.protected = protected
        self.temporary = temporary
        self.record = record
        self.holds = holds
    }
}

/// Something about a command that no request answers for: an approval, the end of a job.
public struct ExecEvent: Sendable, Equatable {
    /// On whose behalf.
    public var caller: Caller
    /// What happened: `approval.ask`, `job.end`.
    public var action: String
    /// What it happened to.
    public var object: String
    /// How it came out.
    public var result: String
}
