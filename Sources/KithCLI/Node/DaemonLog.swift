import Glibc
import KithAPI

/// The daemon's own log, as the file that its output is appended to.
struct DaemonLog {
    /// Where it stands.
    let path: String
    /// Its length when we looked first: what stands before it was said by an earlier daemon.
    private let beginning: Int64

    /// The log in `folder`, which is made with mode 0700 if it is missing.
    init(folder: String) throws(KithError) {
        path = folder + "/daemon.log"
        var facts = stat()
        beginning = stat(path, &facts) == 0 ? Int64(facts.st_size) : 0
        var made = ""
        for part in folder.split(separator: "/") {
            made += "/" + part
            mkdir(made, 0o700)
        }
        guard LocalPath.isFolder(folder) else {
            throw KithError(
                .fileIO, "The folder for logs cannot be made: `\(folder)`.", hint: "Check who may write there.")
        }
    }

    /// Gives `body` a descriptor that appends to the log.
    func withAppending<Value>(_ body: (Int32) throws(KithError) -> Value) throws(KithError) -> Value {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw KithError(.fileIO, "The log `\(path)` cannot be written: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        return try body(descriptor)
    }

    /// With which words the daemon ended since we looked first: a message, and what to do about it.
    var complaint: (message: String, hint: String?)? {
        guard let tail = try? FileTail(path: path, from: beginning) else { return nil }
        let lines = tail.last(32).map { String(decoding: $0, as: UTF8.self) }
        guard let start = lines.lastIndex(where: { $0.hasPrefix(Self.mark) }) else { return nil }
        let rest = lines[(start + 1)...]
        let message = [String(lines[start].dropFirst(Self.mark.count))] + rest.filter { !$0.hasPrefix("  ") }
        let hint = rest.filter { $0.hasPrefix("  ") }.map { String($0.dropFirst(2)) }
        return (message.joined(separator: "\n"), hint.isEmpty ? nil : hint.joined(separator: "\n"))
    }

    /// How the daemon begins its last words.
    private static let mark = "kithd: "
}
