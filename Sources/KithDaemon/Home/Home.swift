import Glibc
public import KithAPI
import KithWorkers

/// The folders of this node, made and checked: each belongs to us, mode 0700, and is not a link.
public struct Home: Sendable {
    /// Where everything is.
    public let folders: Folders
    /// The user's own home folder: where commands run and files are by default.
    public let userHome: String
    /// Whose worker this node is; nil for one that is nobody's.
    let descent: Descent?

    /// The home of the process's user and environment.
    public init(environment: [String: String]) throws(KithError) {
        folders = try Folders(environment: environment, userID: geteuid())
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw KithError(.configInvalid, "HOME is not set.", hint: "Set HOME to your home folder.")
        }
        userHome = home
        descent = try Descent.read(in: folders.data)
    }

    /// The folder of the key.
    public var identityFolder: String { folders.data + "/identity" }

    /// Makes the folders that are missing.
    ///
    /// - Throws: ``KithError`` `denied` where one is a link, belongs to someone else or is open to others.
    public func prepare() throws(KithError) {
        for folder in [folders.data, folders.logs, folders.runtime] { try Self.prepare(folder) }
    }

    /// Sees that a daemon can start here, and makes the folders that are missing.
    ///
    /// - Throws: ``KithError`` as ``prepare()``; `config.invalid` where the configuration is wrong or there is no key yet;
    ///   `store.damaged` where the key has gone.
    func checkStart() throws {
        try prepare()
        _ = try readConfiguration()
        try checkKey()
    }

    /// Sees that there is a key, without a look inside.
    ///
    /// - Throws: ``KithError`` `config.invalid` where there is none yet, `store.damaged` where it has gone.
    func checkKey() throws(KithError) {
        guard access(identityFolder + "/key.pem", F_OK) != 0 else { return }
        guard access(folders.data + "/kith.sqlite", F_OK) != 0 else {
            throw KithError(
                .storeDamaged, "The key of this node is gone: \(identityFolder)/key.pem.",
                hint: "Restore it from a backup. Or `kith init` makes a new node, which has to pair anew.")
        }
        throw KithError(.configInvalid, "This machine has no key yet.", hint: "Run `kith init`.")
    }

    private static func prepare(_ folder: String) throws(KithError) {
        try makeParents(of: folder)
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw KithError(.fileIO, "The folder \(folder) cannot be made: \(String(cString: strerror(errno))).")
        }
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw KithError(
                .denied, "\(folder) is not a folder of its own.", hint: "Move it away; a link is not accepted here.")
        }
        guard status.st_uid == geteuid() else {
            throw KithError(.denied, "\(folder) belongs to another user.", hint: "Move it away, or set KITH_HOME.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw KithError(.denied, "\(folder) can be entered by others.", hint: "Run: chmod 700 \(folder)")
        }
    }

    private static func makeParents(of folder: String) throws(KithError) {
        var path = ""
        for part in folder.split(separator: "/").dropLast() {
            path += "/" + part
            if mkdir(path, 0o700) != 0, errno != EEXIST, errno != EISDIR {
                throw KithError(.fileIO, "The folder \(path) cannot be made: \(String(cString: strerror(errno))).")
            }
        }
    }

    /// What the machine calls itself.
    public static var hostName: PeerName {
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return PeerName(nearest: String(name.prefix { $0 != "." }))
    }
}
