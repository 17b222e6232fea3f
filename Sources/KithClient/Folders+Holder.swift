import Glibc
public import KithAPI

extension Folders {
    /// The file that the daemon of a home locks as long as it lives; its process id stands in it.
    public var lock: String { data + "/lock" }

    /// Whether a daemon holds the home, whether or not it answers. Blocks on the disk.
    public var isHeld: Bool {
        let descriptor = open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// The process of the daemon that holds the home, by its own word: look before giving it a signal. Nil if none does.
    /// Blocks on the disk.
    public var holder: Int32? {
        guard isHeld else { return nil }
        let descriptor = open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Int32(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
