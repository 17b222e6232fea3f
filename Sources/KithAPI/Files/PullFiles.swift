/// Fetches files of a peer to this machine: the local daemon asks the peer to ``GetFiles`` and writes them.
///
/// What was cut off goes on where it stopped when the same request is made again.
public struct PullFiles: Feed {
    /// The peer: a name, a prefix of its id, or an address.
    public var peer: String
    /// Paths on the peer, as in ``GetFiles/paths``; 1–1,000.
    public var sources: [String]
    /// An absolute path on this machine, as in ``PutFiles/destination``.
    public var destination: String
    /// Whether to say only what would come; nothing is written then.
    public var isDryRun: Bool?
    /// Whether to leave out the news of entries that went well.
    public var isTerse: Bool?
    /// Whether the bytes in all are to be counted, for the share that is done.
    public var wantsTotal: Bool?

    /// A request to fetch `sources`.
    public init(
        peer: String, sources: [String], destination: String, isDryRun: Bool? = nil, isTerse: Bool? = nil,
        wantsTotal: Bool? = nil
    ) {
        self.peer = peer
        self.sources = sources
        self.destination = destination
        self.isDryRun = isDryRun
        self.isTerse = isTerse
        self.wantsTotal = wantsTotal
    }

    public typealias Element = TransferEvent
    public static var name: String { "transfer.pull" }
    public static var summary: String { "Fetch files of a peer to this machine." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "The peer."),
            Parameter("sources", \Self.sources, "Paths on the peer; `*`, `?` and `[…]` stand for names there."),
            Parameter(
                "destination", \Self.destination,
                "An absolute path here: the exact name, or the folder if it ends with `/`."),
            Parameter("isDryRun", \Self.isDryRun, "Only say what would come."),
            Parameter("isTerse", \Self.isTerse, "No news of entries that went well."),
            Parameter("wantsTotal", \Self.wantsTotal, "Count the bytes in all."),
        ]
    }
    public var object: String? { "\(peer):\(sources.joined(separator: " "))" }
    public static var example: PullFiles {
        PullFiles(peer: "studio", sources: ["logs/*.log"], destination: "/home/ada/logs/")
    }
}
