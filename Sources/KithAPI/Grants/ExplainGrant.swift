/// Says what would happen if a peer asked for something here, and why. Nothing is done.
public struct ExplainGrant: Call {
    /// The peer: a name or a prefix of its id.
    public var peer: String
    /// What it would ask for.
    public var grant: Grant
    /// For `exec`: the words of the command. For files: a path. For context: a key.
    public var object: [String]?
    /// For `exec`: the folder to run in; the home folder unless given.
    public var folder: String?

    /// A request to explain `grant`.
    public init(peer: String, grant: Grant, object: [String]? = nil, folder: String? = nil) {
        self.peer = peer
        self.grant = grant
        self.object = object
        self.folder = folder
    }

    private enum CodingKeys: String, CodingKey { case peer, grant = "for", object, folder }

    public typealias Reply = GrantExplanation
    public static var name: String { "peer.explain" }
    public static var summary: String { "Say what a peer may do here, and which rule decides." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "A name or a prefix of its id."),
            Parameter("for", \Self.grant, "What it would ask for."),
            Parameter("object", \Self.object, "The words of a command, a path, or a key."),
            Parameter("folder", \Self.folder, "For a command: the folder to run in."),
        ]
    }
    public static var example: ExplainGrant { ExplainGrant(peer: "studio", grant: .exec, object: ["git", "push"]) }
}

/// What would happen, and why.
public struct GrantExplanation: Described, Equatable {
    /// `allow`, `deny`, or `ask` first.
    public var decision: GrantRule.Effect
    /// The rule that decides; nil where nothing was granted.
    public var rule: GrantRule?
    /// A sentence that says why.
    public var reason: String
    /// For a command: the file that would run.
    public var program: String?

    /// An explanation from its parts.
    public init(decision: GrantRule.Effect, rule: GrantRule? = nil, reason: String, program: String? = nil) {
        self.decision = decision
        self.rule = rule
        self.reason = reason
        self.program = program
    }

    public static var parameters: [Parameter] {
        [
            Parameter("decision", \Self.decision, "What would happen."),
            Parameter("rule", \Self.rule, "The rule that decides."),
            Parameter("reason", \Self.reason, "Why."),
            Parameter("program", \Self.program, "For a command: the file that would run."),
        ]
    }
}
