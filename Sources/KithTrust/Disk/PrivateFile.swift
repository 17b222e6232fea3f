import Glibc
public import KithAPI

/// Reads files that nobody else may have touched. Every call blocks on the disk.
public enum PrivateFile {
    /// The bytes of `path`, which must be a plain file of ours that others can neither read nor write.
    ///
    /// - Throws: ``KithError`` with code `denied` and the command that repairs it; `not_found`;
    ///   `store.damaged` if the file is longer than `limit` bytes.
    public static func read(_ path: String, limit: Int) throws(KithError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw DurableFile.failure("open", path) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw DurableFile.failure("look at", path) }
        try check(facts, of: path)
        guard facts.st_size <= limit else {
            throw KithError(.storeDamaged, "\(path) is far longer than it can be.", hint: "Restore it from a backup.")
        }
        return try contents(of: descriptor, path: path, count: Int(facts.st_size))
    }

    private static func check(_ facts: stat, of path: String) throws(KithError) {
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw KithError(.denied, "\(path) is not a plain file.", hint: "Remove what is there.")
        }
        guard facts.st_uid == geteuid() else {
            throw KithError(.denied, "\(path) belongs to somebody else.", hint: "chown \(getuid()) \(path)")
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw KithError(.denied, "\(path) can be read or written by others.", hint: "chmod 600 \(path)")
        }
    }

    private static func contents(of descriptor: Int32, path: String, count: Int) throws(KithError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var position = 0
        while position < count {
            let step = bytes[position...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, position)
            }
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { throw DurableFile.failure("read", path) }
            position += step
        }
        return bytes
    }
}
