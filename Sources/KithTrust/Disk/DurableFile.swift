import FoundationEssentials
import Glibc
public import KithAPI

/// Files that are whole or absent after a crash. Every call blocks on the disk.
public enum DurableFile {
    /// Replaces `path` by `bytes` (mode 0600): temporary file, fsync, rename, fsync of the folder.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(KithError) {
        let temporary = path + ".new"
        unlink(temporary)
        try write(bytes, to: temporary)
        guard rename(temporary, path) == 0 else { throw failure("put in place", path) }
        try synchronize(folderOf: path)
    }

    /// Creates `path` with `bytes` (mode 0600); false if something of that name is there already.
    static func create(_ path: String, with bytes: [UInt8]) throws(KithError) -> Bool {
        let temporary = path + "." + String(UInt64.random(in: .min ... .max), radix: 36) + ".new"
        try write(bytes, to: temporary)
        defer { unlink(temporary) }
        // A hard link, unlike a rename, never replaces what is there.
        guard link(temporary, path) == 0 else {
            if errno == EEXIST { return false }
            throw failure("put in place", path)
        }
        try synchronize(folderOf: path)
        return true
    }

    /// Makes the folder's list of names durable.
    static func synchronize(folderOf path: String) throws(KithError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("make durable", folder) }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(KithError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create", path) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if errno == EINTR { continue }
                let error = failure("write", path)
                unlink(path)
                throw error
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure("make durable", path) }
    }

    /// The error of the last system call, about `path`.
    static func failure(_ verb: String, _ path: String) -> KithError {
        let number = errno
        let reason = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            return KithError(.fileNoSpace, "Could not \(verb) \(path): \(reason).", hint: "Free some space.")
        case EACCES, EPERM, EROFS:
            return KithError(
                .filePermission, "Could not \(verb) \(path): \(reason).", hint: "Look at the owner and mode.")
        case ENOENT:
            return KithError(.notFound, "Could not \(verb) \(path): \(reason).")
        default:
            return KithError(.fileIO, "Could not \(verb) \(path): \(reason).")
        }
    }
}
