import FoundationEssentials
import Glibc

/// What the process was given.
enum ProcessEnvironment {
    /// The environment variables.
    static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// The effective user.
    static var userID: UInt32 { geteuid() }

    /// The current folder.
    static var folder: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// What this machine calls itself.
    static var hostName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "this-host" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
