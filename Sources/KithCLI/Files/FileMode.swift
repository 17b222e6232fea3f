import KithAPI

/// Kind and permissions of a file as `ls` writes them.
enum FileMode {
    /// `drwxr-xr-x`
    static func text(_ entry: FileEntry) -> String {
        letter(entry.type)
            + stride(from: 8, through: 0, by: -1).map { bit in
                entry.mode & (1 << bit) == 0 ? "-" : ["x", "w", "r"][bit % 3]
            }.joined()
    }

    private static func letter(_ kind: FileKind) -> String {
        switch kind {
        case .file: "-"
        case .directory: "d"
        case .symlink: "l"
        case .other: "?"
        }
    }
}
