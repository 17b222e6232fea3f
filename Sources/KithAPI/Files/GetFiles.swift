/// Fetches files and folders from the node that is asked. Between daemons; people say `kith pull`.
///
/// As ``PutFiles`` with the directions swapped; the asking side's `end` closes it.
public struct GetFiles: Pipe {
    /// What to fetch: absolute, or relative to the home folder; 1–1,000 paths. Where nothing has exactly that name,
    /// `*`, `?` and `[…]` in it stand for names, as in a shell, see ``GlobPattern``.
    public var paths: [String]
    /// Whether the bytes in all are to be counted and told.
    public var wantsTotal: Bool?

    /// A request for `paths`.
    public init(paths: [String], wantsTotal: Bool? = nil) {
        self.paths = paths
        self.wantsTotal = wantsTotal
    }

    public typealias End = TransferSummary
    public static var name: String { "file.get" }
    public static var summary: String { "Fetch files and folders from here." }
    public static var grant: Grant { .filesRead }
    public static var parameters: [Parameter] {
        [
            Parameter(
                "paths", \Self.paths,
                "What to fetch, absolute or relative to the home folder; `*`, `?` and `[…]` stand for names."),
            Parameter("wantsTotal", \Self.wantsTotal, "Count the bytes in all."),
        ]
    }
    public var object: String? { paths.joined(separator: " ") }
    public static var example: GetFiles { GetFiles(paths: ["code/app/build.log"]) }
}
