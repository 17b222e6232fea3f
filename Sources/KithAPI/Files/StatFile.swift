/// Describes one file, folder or link.
public struct StatFile: Call {
    /// The path: absolute, or relative to the home folder.
    public var path: String

    /// A request for `path`.
    public init(path: String) { self.path = path }

    public typealias Reply = FileEntry
    public static var name: String { "file.stat" }
    public static var summary: String { "Describe one file, folder or link." }
    public static var grant: Grant { .filesRead }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [Parameter("path", \Self.path, "The path, absolute or relative to the home folder.")]
    }
    public var object: String? { path }
    public static var example: StatFile { StatFile(path: "code/app/Package.swift") }
}
