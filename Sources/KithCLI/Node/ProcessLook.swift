import FoundationEssentials
import Glibc

/// A look at another process, before anything is done to it.
struct ProcessLook {
    private let id: Int32

    /// A look at process `id`.
    init(_ id: Int32) { self.id = id }

    /// Whether it is gone, or only its exit code is left.
    var hasEnded: Bool {
        if kill(id, 0) != 0, errno == ESRCH { return true }
        guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return true }
        return status[(status.lastIndex(of: ")") ?? status.startIndex)...].hasPrefix(") Z")
    }

    /// Whether it runs the program `kithd`. Numbers of processes are used again, so this is asked each time.
    var isDaemon: Bool {
        guard id > 1 else { return false }
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/exe") {
            // After an upgrade the kernel adds " (deleted)" to the name.
            let name = path.split(separator: "/").last ?? ""
            return name == "kithd" || name == "kithd (deleted)"
        }
        guard let line = try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8) else { return false }
        return line.prefix { $0 != "\0" }.split(separator: "/").last == "kithd"
    }
}
