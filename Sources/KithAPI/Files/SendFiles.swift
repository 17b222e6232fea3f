/// Sends files of this machine to a peer: the local daemon reads them and asks the peer to ``PutFiles``.
///
/// What was cut off goes on where it stopped when the same request is made again.
public struct SendFiles: Feed, Fenced {
    /// The peer: a name, a prefix of its id, or an address.
    public var peer: String
    /// Absolute paths on this machine, 1–1,000.
    public var sources: [String]
    /// As in ``PutFiles/destination``.
    public var destination: String
    /// Whether to say only what would go; nothing is written then.
    public var isDryRun: Bool?
    /// Whether to leave out the news of entries that went well.
    public var isTerse: Bool?
    /// Whether the bytes in all are to be counted, for the share that is done.
    public var wantsTotal: Bool?
    /// Only while nobody has claimed this task later; needs `token`.
    public var task: TaskID?
    /// The token of the claim on `task`.
    public var token: Int?

    /// A request to send `sources`.
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
    public static var name: String { "transfer.send" }
    public static var summary: String { "Send files of this machine to a peer." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("peer", \Self.peer, "The peer."),
            Parameter("sources", \Self.sources, "Absolute paths on this machine."),
            Parameter("destination", \Self.destination, "The exact name there, or the folder if it ends with `/`."),
            Parameter("isDryRun", \Self.isDryRun, "Only say what would go."),
            Parameter("isTerse", \Self.isTerse, "No news of entries that went well."),
            Parameter("wantsTotal", \Self.wantsTotal, "Count the bytes in all."),
        ] + fence
    }
    public var object: String? { "\(peer):\(destination)" }
    public static var example: SendFiles {
        SendFiles(peer: "studio", sources: ["/home/ada/report.pdf"], destination: "inbox/")
    }
}
