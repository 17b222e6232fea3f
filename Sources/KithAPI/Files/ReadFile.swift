/// Reads one file of the node that is asked as a stream: `kith pull PEER NAME -`.
///
/// Downward: the content as `data` frames, then the end with its hash.
public struct ReadFile: Pipe {
    /// The file: absolute, or relative to the home folder.
    public var path: String

    /// A request for the content of `path`.
    public init(path: String) { self.path = path }

    public typealias End = TransferOutcome
    public static var name: String { "file.read" }
    public static var summary: String { "Read one file as a stream." }
    public static var grant: Grant { .filesRead }
    public static var parameters: [Parameter] {
        [Parameter("path", \Self.path, "The file, absolute or relative to the home folder.")]
    }
    public var object: String? { path }
    public static var example: ReadFile { ReadFile(path: "notes/today.txt") }
}
