/// Writes one file on the node that is asked, from a stream whose length nobody knows yet: `kith send PEER - NAME`.
///
/// Upward: the content as `data` frames, then `end`: only that makes it a file. Downward: nothing but the end, once
/// the file is whole and on disk. A stream that breaks off leaves what stood there.
public struct WriteFile: Pipe, Fenced {
    /// The exact name: absolute, or relative to the home folder; the folder must be there.
    public var path: String
    /// Permission bits, 0–511; 420 (0644) unless given.
    public var mode: Int?
    /// Only while nobody has claimed this task later; needs `token`.
    public var task: TaskID?
    /// The token of the claim on `task`.
    public var token: Int?

    /// A request to write what follows to `path`.
    public init(path: String, mode: Int? = nil) {
        self.path = path
        self.mode = mode
    }

    public typealias End = TransferOutcome
    public static var name: String { "file.write" }
    public static var summary: String { "Write one file from a stream." }
    public static var grant: Grant { .filesWrite }
    public static var parameters: [Parameter] {
        [
            Parameter("path", \Self.path, "The exact name, absolute or relative to the home folder."),
            Parameter("mode", \Self.mode, "Permission bits; 420 (0644) unless given."),
        ] + fence
    }
    public var object: String? { path }
    public static var example: WriteFile { WriteFile(path: "notes/today.txt") }
}
