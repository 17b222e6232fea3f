public import FoundationEssentials

/// A request of a peer that waits for its owner's word: bound to exactly this request, good once.
public struct Approval: Described, Equatable {
    /// How far it is.
    public enum State: String, ParameterChoice {
        /// Nobody has answered yet.
        case pending
        case approved, denied
        /// Nobody answered in time: denied.
        case expired
        /// The asking side went away.
        case withdrawn
    }

    /// Its id: `a` and twelve letters.
    public var approvalID: String
    /// Who asks.
    public var peer: PeerName
    /// The command as people would type it.
    public var title: String
    /// Its words.
    public var command: [String]
    /// The file that would run.
    public var program: String
    /// The folder to run in.
    public var folder: String
    /// The variables that it would set.
    public var environment: [String: String]
    /// The SHA-256 of what it would read, in hexadecimal; nil if the request brings no input along.
    public var inputDigest: String?
    /// How many bytes that is; nil if the request brings no input along.
    public var inputSize: Int?
    /// Whether the input stays open: whatever comes later is read too, and nobody has seen it yet; nil where a node
    /// of an older version does not say.
    public var inputStaysOpen: Bool?
    /// When it was asked.
    public var askedAt: Date
    /// When it is denied by itself.
    public var expiresAt: Date
    /// How far it is.
    public var state: State

    /// An approval from its parts.
    public init(
        approvalID: String, peer: PeerName, title: String, command: [String], program: String, folder: String,
        environment: [String: String] = [:], inputDigest: String? = nil, inputSize: Int? = nil,
        inputStaysOpen: Bool? = nil, askedAt: Date, expiresAt: Date, state: State = .pending
    ) {
        self.approvalID = approvalID
        self.peer = peer
        self.title = title
        self.command = command
        self.program = program
        self.folder = folder
        self.environment = environment
        self.inputDigest = inputDigest
        self.inputSize = inputSize
        self.inputStaysOpen = inputStaysOpen
        self.askedAt = askedAt
        self.expiresAt = expiresAt
        self.state = state
    }

    public static var parameters: [Parameter] {
        [
            Parameter("approvalID", \Self.approvalID, "Its id."),
            Parameter("peer", \Self.peer, "Who asks."),
            Parameter("title", \Self.title, "The command as people would type it."),
            Parameter("command", \Self.command, "Its words."),
            Parameter("program", \Self.program, "The file that would run."),
            Parameter("folder", \Self.folder, "The folder to run in."),
            Parameter("environment", \Self.environment, "The variables that it would set."),
            Parameter("inputDigest", \Self.inputDigest, "The SHA-256 of what it would read."),
            Parameter("inputSize", \Self.inputSize, "How many bytes that is."),
            Parameter("inputStaysOpen", \Self.inputStaysOpen, "Whether whatever comes later is read too."),
            Parameter("askedAt", \Self.askedAt, "When it was asked."),
            Parameter("expiresAt", \Self.expiresAt, "When it is denied by itself."),
            Parameter("state", \Self.state, "How far it is."),
        ]
    }
}

/// Approvals, the newest first; at most 64 wait at once, 8 of each peer.
public struct ApprovalList: Described, Equatable {
    /// The approvals.
    public var approvals: [Approval]

    /// A list of `approvals`.
    public init(approvals: [Approval]) { self.approvals = approvals }

    public static var parameters: [Parameter] {
        [Parameter("approvals", \Self.approvals, "The approvals, the newest first.")]
    }
}

/// Lists the requests that wait for their owner's word.
public struct ListApprovals: Call {
    /// A request for the list.
    public init() {}

    public typealias Reply = ApprovalList
    public static var name: String { "approval.list" }
    public static var summary: String { "List the requests that wait for approval." }
    public static var grant: Grant { .approve }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: ListApprovals { ListApprovals() }
}

/// Approves or denies one request, once.
public struct DecideApproval: Call {
    /// Which one.
    public var approvalID: String
    /// Whether it may run.
    public var approves: Bool

    /// An answer to `approvalID`.
    public init(approvalID: String, approves: Bool) {
        self.approvalID = approvalID
        self.approves = approves
    }

    public typealias Reply = Approval
    public static var name: String { "approval.decide" }
    public static var summary: String { "Approve or deny one waiting request." }
    public static var grant: Grant { .approve }
    public static var parameters: [Parameter] {
        [
            Parameter("approvalID", \Self.approvalID, "Which one."),
            Parameter("approves", \Self.approves, "Whether it may run."),
        ]
    }
    public var object: String? { approvalID }
    public static var example: DecideApproval { DecideApproval(approvalID: "ambswy3dpeblw", approves: true) }
}

/// Follows the requests that wait: each when it is asked, and again when it is settled.
public struct FollowApprovals: Feed {
    /// A request to follow approvals.
    public init() {}

    public typealias Element = Approval
    public static var name: String { "approval.follow" }
    public static var summary: String { "Follow the requests that wait for approval." }
    public static var grant: Grant { .approve }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: FollowApprovals { FollowApprovals() }
}
