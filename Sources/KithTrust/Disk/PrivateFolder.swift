import Glibc
public import KithAPI

/// Folders that only their owner can enter.
public enum PrivateFolder {
    /// Creates `path` with mode 0700 (its parent must be there), or checks that what is there is such a folder.
    ///
    /// - Throws: ``KithError`` with code `denied` if it is a link, somebody else's, or open to others.
    public static func prepare(_ path: String) throws(KithError) {
        if mkdir(path, 0o700) == 0 {
            try DurableFile.synchronize(folderOf: path)
            return
        }
        guard errno == EEXIST else { throw DurableFile.failure("create the folder", path) }
        try check(path)
    }

    /// Checks that `path` is a folder of ours, not a link, and closed to others.
    static func check(_ path: String) throws(KithError) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { throw DurableFile.failure("look at", path) }
        guard facts.st_mode & S_IFMT == S_IFDIR else {
            throw KithError(.denied, "\(path) is not a folder, or a link to one.", hint: "Move what is there away.")
        }
        guard facts.st_uid == geteuid() else {
            throw KithError(.denied, "\(path) belongs to somebody else.", hint: "chown \(getuid()) \(path)")
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw KithError(.denied, "\(path) can be entered by others.", hint: "chmod 700 \(path)")
        }
    }
}
