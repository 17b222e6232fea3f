/// Reads the audit log, oldest first, and follows it if asked to.
public struct FollowAudit: Feed {
    /// Only the last so many of what is there; 50 unless given, at most 10,000.
    public var last: Int?
    /// Whether to stay and send what comes.
    public var follow: Bool?
    /// Only what this peer did (its name).
    public var peer: String?

    /// A request for the end of the log.
    public init(last: Int? = nil, follow: Bool? = nil, peer: String? = nil) {
        self.last = last
        self.follow = follow
        self.peer = peer
    }

    public typealias Element = AuditRecord
    public static var name: String { "audit.follow" }
    public static var summary: String { "Read the audit log, and follow it." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [
            Parameter("last", \Self.last, "Only the last so many; 50 unless given."),
            Parameter("follow", \Self.follow, "Stay and send what comes."),
            Parameter("peer", \Self.peer, "Only what this peer did."),
        ]
    }
    public static var example: FollowAudit { FollowAudit(last: 20, follow: true) }
}
