/// Examines this node: folders, ports, discovery, the database, each peer.
public struct Diagnose: Call {
    /// Whether to look for what makes it less safe, too: open sockets, wide grants, old keys, peers long gone.
    public var security: Bool?

    /// A request.
    public init(security: Bool? = nil) { self.security = security }

    /// All findings.
    public struct Reply: Described, Equatable {
        /// One per thing examined.
        public var findings: [Finding]

        /// A reply.
        public init(findings: [Finding]) { self.findings = findings }

        public static var parameters: [Parameter] {
            [Parameter("findings", \Self.findings, "One per thing examined.")]
        }
    }

    public static var name: String { "node.diagnose" }
    public static var summary: String { "Examine this node and name the remedies." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [Parameter("security", \Self.security, "Whether to look for what makes it less safe, too.")]
    }
    public static var example: Diagnose { Diagnose(security: true) }
}

/// What an examination found.
public struct Finding: Described, Equatable {
    /// How bad it is.
    public enum Verdict: String, ParameterChoice {
        case ok, warning, failed
    }

    /// What was examined, for example `avahi` or `peer studio`.
    public var subject: String
    /// How bad it is.
    public var verdict: Verdict
    /// What was seen.
    public var message: String
    /// What to do about it: a command to paste, words for people behind a `#`.
    public var remedy: String?

    /// A finding from its parts.
    public init(_ subject: String, _ verdict: Verdict, _ message: String, remedy: String? = nil) {
        self.subject = subject
        self.verdict = verdict
        self.message = message
        self.remedy = remedy
    }

    public static var parameters: [Parameter] {
        [
            Parameter("subject", \Self.subject, "What was examined."),
            Parameter("verdict", \Self.verdict, "How bad it is."),
            Parameter("message", \Self.message, "What was seen."),
            Parameter(
                "remedy", \Self.remedy, "What to do about it: a command to paste, words for people behind a `#`."),
        ]
    }
}
