import FoundationEssentials
import Glibc
import KithAPI

/// What the kernel knows of a file, folder or link.
struct FileStatus: Equatable, Sendable {
    let kind: FileKind
    /// Bytes; 0 for what is not a file.
    let size: Int
    /// Permission bits, 0–4095.
    let mode: Int
    /// Nanoseconds since 1970.
    let modified: Int
    /// Names that it has; 0 once it is removed.
    let links: Int

    init(_ raw: stat) {
        kind = Self.kind(of: raw.st_mode)
        size = kind == .file ? Int(raw.st_size) : 0
        mode = Int(raw.st_mode & 0o7777)
        modified = Int(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(raw.st_mtim.tv_nsec)
        links = Int(raw.st_nlink)
    }

    private static func kind(of mode: mode_t) -> FileKind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        case S_IFLNK: .symlink
        default: .other
        }
    }

    /// When its content last changed.
    var date: Date { Date(timeIntervalSince1970: Double(modified) / 1_000_000_000) }
}

extension timespec {
    /// The moment so many nanoseconds after 1970; before it for negative ones.
    init(nanoseconds: Int) {
        let second = 1_000_000_000
        let rest = nanoseconds % second
        self.init(tv_sec: nanoseconds / second - (rest < 0 ? 1 : 0), tv_nsec: rest < 0 ? rest + second : rest)
    }
}
