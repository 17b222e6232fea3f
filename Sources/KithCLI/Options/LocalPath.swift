import Glibc

/// Paths of this machine, as the daemon needs them: absolute, since its folder is another.
enum LocalPath {
    /// `path` below `folder` (the current one), without `.` parts; a `/` at the end stays.
    static func absolute(_ path: String, in folder: String = ProcessEnvironment.folder) -> String {
        let whole = path.hasPrefix("/") ? path : folder + "/" + path
        let parts = whole.split(separator: "/").filter { $0 != "." }
        return "/" + parts.joined(separator: "/") + (path.hasSuffix("/") && !parts.isEmpty ? "/" : "")
    }

    /// A destination here: as ``absolute(_:in:)``, with a `/` at the end if it is a folder already.
    static func destination(_ path: String, isForMany: Bool, in folder: String = ProcessEnvironment.folder) -> String {
        let whole = absolute(path, in: folder)
        return whole.hasSuffix("/") || !(isForMany || isFolder(whole)) ? whole : whole + "/"
    }

    /// Whether a folder stands at `path`.
    static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }
}
