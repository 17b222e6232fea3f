/// Places files and folders on the node that is asked. Between daemons; people say `kith send`.
///
/// `extra` frames carry compact records in both directions: upward what there is and small files whole, downward
/// what is wanted and what became of each entry. `data` frames carry the content of large files. The protocol's page
/// has them all. The end is a ``TransferSummary``.
public struct PutFiles: Pipe, Fenced {
    /// Where to: absolute, or relative to the home folder. With a `/` at its end: into that folder, which
    /// is made if it is missing. Without: exactly this name, for a single source.
    public var destination: String
    /// Whether to say only what would be placed.
    public var isDryRun: Bool?
    /// Only while nobody has claimed this task later; needs `token`.
    public var task: TaskID?
    /// The token of the claim on `task`.
    public var token: Int?

    /// A request to place what follows at `destination`.
    public init(destination: String, isDryRun: Bool? = nil) {
        self.destination = destination
        self.isDryRun = isDryRun
    }

    public typealias End = TransferSummary
    public static var name: String { "file.put" }
    public static var summary: String { "Place files and folders here." }
    public static var grant: Grant { .filesWrite }
    public static var parameters: [Parameter] {
        [
            Parameter(
                "destination", \Self.destination, "The exact name, or the folder to put into if it ends with `/`."),
            Parameter("isDryRun", \Self.isDryRun, "Only say what would be placed."),
        ] + fence
    }
    public var object: String? { destination }
    public static var example: PutFiles { PutFiles(destination: "builds/") }
}
