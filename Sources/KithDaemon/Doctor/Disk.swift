import Foundation
import Glibc

/// What the file system says.
enum Disk {
    /// Bytes that this user may still write where `path` is; nil where nobody knows.
    static func freeBytes(at path: String) -> Int? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        return Int(clamping: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
    }

    /// When a file was last changed.
    static func modified(_ path: String) -> Date? {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return nil }
        return Date(timeIntervalSince1970: Double(facts.st_mtim.tv_sec))
    }
}
