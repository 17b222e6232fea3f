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
    /// Seconds since 1970 of the last change of anything about it; nobody can set that.
    let touched: Int
    /// Names that it has; 0 once it is removed.
    let links: Int
    /// Which file it is, on which file system.
    let identity: Identity
    /// Who owns it.
    let owner: UInt32
    /// Bytes that it takes on the disk.
    let storedBytes: Int

    /// Two that are equal are one file.
    struct Identity: Hashable, Sendable {
        let device: UInt
        let number: UInt
    }

    init(_ raw: stat) {
        kind = Self.kind(of: raw.st_mode)
        size = kind == .file ? Int(raw.st_size) : 0
        mode = Int(raw.st_mode & 0o7777)
        modified = Int(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(raw.st_mtim.tv_nsec)
        touched = Int(raw.st_ctim.tv_sec)
        links = Int(raw.st_nlink)
        identity = Identity(device: UInt(raw.st_dev), number: UInt(raw.st_ino))
        owner = raw.st_uid
        storedBytes = Int(raw.st_blocks) * 512
    }

    private static func kind(of mode: mode_t) -> FileKind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        case S_IFLNK: .symlink
        default: .other
        }
    }

    /// Whether `other` is this file, with the content of the same moment.
    func isSameContent(as other: FileStatus) -> Bool {
        kind == other.kind && identity == other.identity && size == other.size && modified == other.modified
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
