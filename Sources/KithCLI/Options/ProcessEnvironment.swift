import FoundationEssentials
import Glibc
import KithAPI

/// What the process was given.
enum ProcessEnvironment {
    /// The environment variables.
    static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// Those of them that say where things are: a command starts sooner without the others.
    static var places: [String: String] {
        var places: [String: String] = [:]
        for name in Folders.variables + ["HOME", "TMPDIR"] { places[name] = getenv(name).map { String(cString: $0) } }
        return places
    }

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
