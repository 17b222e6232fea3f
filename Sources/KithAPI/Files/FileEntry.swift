public import FoundationEssentials

/// What a path is.
public enum FileKind: String, ParameterChoice {
    case file, directory, symlink, other
}

/// A file, folder or link on the node that was asked.
public struct FileEntry: Described, Equatable {
    /// The last part of the path.
    public var name: String
    /// The absolute path.
    public var path: String
    /// What it is.
    public var type: FileKind
    /// Bytes; 0 for what is not a file.
    public var size: Int
    /// Permission bits, 0–4095.
    public var mode: Int
    /// When its content last changed.
    public var modified: Date
    /// Where a symlink points.
    public var target: String?

    /// An entry from its parts.
    public init(name: String, path: String, type: FileKind, size: Int, mode: Int, modified: Date, target: String? = nil)
    {
        self.name = name
        self.path = path
        self.type = type
        self.size = size
        self.mode = mode
        self.modified = modified
        self.target = target
    }

    public static var parameters: [Parameter] {
        [
            Parameter("name", \Self.name, "The last part of the path."),
            Parameter("path", \Self.path, "The absolute path."),
            Parameter("type", \Self.type, "What it is."),
            Parameter("size", \Self.size, "Bytes; 0 for what is not a file."),
            Parameter("mode", \Self.mode, "Permission bits."),
            Parameter("modified", \Self.modified, "When its content last changed."),
            Parameter("target", \Self.target, "Where a symlink points."),
        ]
    }
}
