/// Fetches files and folders from the node that is asked. Between daemons; people say `kith pull`.
///
/// Downward: as ``PutFiles`` upward; a path that cannot be read comes as a header whose `error` says why.
/// Upward: nothing but the opening.
public struct GetFiles: Pipe {
    /// What to fetch: absolute, or relative to the home folder; 1–1,000 paths.
    public var paths: [String]

    /// A request for `paths`.
    public init(paths: [String]) { self.paths = paths }

    public typealias End = TransferSummary
    public static var name: String { "file.get" }
    public static var summary: String { "Fetch files and folders from here." }
    public static var grant: Grant { .filesRead }
    public static var parameters: [Parameter] {
        [Parameter("paths", \Self.paths, "What to fetch, absolute or relative to the home folder.")]
    }
    public var object: String? { paths.joined(separator: " ") }
    public static var example: GetFiles { GetFiles(paths: ["code/app/build.log"]) }
}
