/// Places files and folders on the node that is asked. Between daemons; people say `kith send`.
///
/// Upward, for each entry: `event` ``TransferHeader``, the content of a file as `data` frames, `event`
/// ``TransferTrailer``; then `end`. Downward: one `event` ``TransferOutcome`` per entry, then `end`
/// with a ``TransferSummary``. A folder comes before what is in it.
public struct PutFiles: Pipe {
    /// Where to: absolute, or relative to the home folder. With a `/` at its end: into that folder, which
    /// is made if it is missing. Without: exactly this name, for a single source.
    public var destination: String

    /// A request to place what follows at `destination`.
    public init(destination: String) { self.destination = destination }

    public typealias End = TransferSummary
    public static var name: String { "file.put" }
    public static var summary: String { "Place files and folders here." }
    public static var grant: Grant { .filesWrite }
    public static var parameters: [Parameter] {
        [Parameter("destination", \Self.destination, "The exact name, or the folder to put into if it ends with `/`.")]
    }
    public var object: String? { destination }
    public static var example: PutFiles { PutFiles(destination: "builds/") }
}
