import Glibc
import KithAPI

/// The folder of a keeper, and the claim to it.
enum KeeperFolder {
    /// Opens the folder as a place, made if it is not there.
    ///
    /// - Throws: ``KithError`` `file.permission` where it is not ours alone.
    static func open(_ path: String) throws(KithError) -> Int32 {
        mkdir(path, 0o700)
        let folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        var facts = stat()
        guard folder >= 0, fstat(folder, &facts) == 0 else {
            throw KithError(
                .filePermission, "The folder of the jobs cannot be opened: `\(path)`.",
                hint: "Make it, and see that it is yours.")
        }
        guard facts.st_uid == geteuid(), facts.st_mode & 0o077 == 0 || fchmod(folder, 0o700) == 0 else {
            close(folder)
            throw KithError(.filePermission, "The folder of the jobs is not ours: `\(path)`.", hint: "Remove it.")
        }
        return folder
    }

    /// Takes the lock that one keeper holds as long as it lives.
    ///
    /// - Throws: ``KithError`` `conflict` where another holds it.
    static func lock(_ path: String) throws(KithError) -> Int32 {
        let lock = Glibc.open(
            path + "/" + KeeperServer.lockName, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else {
            throw KithError(.filePermission, "The folder of the jobs cannot be written: `\(path)`.")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw KithError(.conflict, "Another keeper holds `\(path)`.")
        }
        return lock
    }
}

/// Which build of the program a file is: it changes when the file is replaced.
enum Build {
    /// Size and time of a file; empty where there is none.
    static func text(of path: String) -> String {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return "" }
        return "\(facts.st_size)-\(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec)"
    }
}
