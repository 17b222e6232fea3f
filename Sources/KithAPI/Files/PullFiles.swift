/// Fetches files of a peer to this machine: the local daemon asks the peer to ``GetFiles`` and writes them.
public struct PullFiles: Feed {
    /// The peer: a name, a prefix of its id, or an address.
    public var peer: String
    /// Paths on the peer: absolute, or relative to its home folder; 1–1,000.
    public var sources: [String]
    /// An absolute path on this machine, as in ``PutFiles/destination``.
    public var destination: String

    /// A request to fetch `sources`.
    public init(peer: String, sources: [String], destination: String) {
        self.peer = peer
        self.sources = sources
        self.destination = destination
    }

    public typealias Element = TransferEvent
    public static var name: String { "transfer.pull" }
    public static var summary: String { "Fetch files of a peer to this machine." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "The peer."),
            Parameter("sources", \Self.sources, "Paths on the peer."),
            Parameter(
                "destination", \Self.destination,
                "An absolute path here: the exact name, or the folder if it ends with `/`."),
        ]
    }
    public var object: String? { "\(peer):\(sources.joined(separator: " "))" }
    public static var example: PullFiles {
        PullFiles(peer: "studio", sources: ["build.log"], destination: "/home/ada/logs/")
    }
}

/// One line of news about a running transfer.
public struct TransferEvent: Described, Equatable {
    /// What kind of news.
    public enum Kind: String, ParameterChoice {
        /// Bytes have flowed; at most ten a second.
        case progress
        /// An entry has its outcome.
        case entry
        /// All is over; the last line.
        case done
    }

    /// What kind of news.
    public var kind: Kind
    /// Bytes sent or received so far.
    public var bytes: Int
    /// Bytes in all, once known.
    public var totalBytes: Int?
    /// With `entry`: what became of it.
    public var outcome: TransferOutcome?
    /// With `done`: what the transfer did.
    public var summary: TransferSummary?

    /// One line of news.
    public init(
        _ kind: Kind, bytes: Int, totalBytes: Int? = nil, outcome: TransferOutcome? = nil,
        summary: TransferSummary? = nil
    ) {
        self.kind = kind
        self.bytes = bytes
        self.totalBytes = totalBytes
        self.outcome = outcome
        self.summary = summary
    }

    public static var parameters: [Parameter] {
        [
            Parameter("kind", \Self.kind, "What kind of news."),
            Parameter("bytes", \Self.bytes, "Bytes so far."),
            Parameter("totalBytes", \Self.totalBytes, "Bytes in all, once known."),
            Parameter("outcome", \Self.outcome, "With `entry`: what became of it."),
            Parameter("summary", \Self.summary, "With `done`: what the transfer did."),
        ]
    }
}
