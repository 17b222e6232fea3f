/// Sends files of this machine to a peer: the local daemon reads them and asks the peer to ``PutFiles``.
public struct SendFiles: Feed {
    /// The peer: a name, a prefix of its id, or an address.
    public var peer: String
    /// Absolute paths on this machine, 1–1,000.
    public var sources: [String]
    /// As in ``PutFiles/destination``.
    public var destination: String

    /// A request to send `sources`.
    public init(peer: String, sources: [String], destination: String) {
        self.peer = peer
        self.sources = sources
        self.destination = destination
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
        ]
    }
    public var object: String? { "\(peer):\(destination)" }
    public static var example: SendFiles {
        SendFiles(peer: "studio", sources: ["/home/ada/report.pdf"], destination: "inbox/")
    }
}
