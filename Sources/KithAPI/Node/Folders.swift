/// Where a node keeps its things: the XDG folders, or all of it under `KITH_HOME`.
///
/// Pure: computed from environment variables (XDG Base Directory Specification 0.8).
public struct Folders: Sendable, Equatable {
    /// The configuration file.
    public let configuration: String
    /// Identity, trust book and database; 0700.
    public let data: String
    /// The audit log and the daemon's own log; 0700.
    public let logs: String
    /// The folder of the socket and the lock; 0700.
    public let runtime: String
    /// The Unix socket; always fits the 108 bytes of `sockaddr_un`.
    public var socket: String { runtime + "/kith.sock" }

    /// The variables that decide where an environment's node is, `HOME` and the temporary folder aside.
    public static let variables = [
        "KITH_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
    ]

    /// The folders of the user whose environment this is.
    ///
    /// - Parameter userID: makes the name of the last fallback, below the temporary folder, one's own.
    /// - Throws: ``KithError`` `config.invalid` where neither `KITH_HOME` nor `HOME` is an absolute path.
    public init(environment: [String: String], userID: UInt32) throws(KithError) {
        func absolute(_ name: String) -> String? {
            guard let value = environment[name], value.hasPrefix("/") else { return nil }
            return value.count > 1 && value.hasSuffix("/") ? String(value.dropLast()) : value
        }
        let temporary = absolute("TMPDIR") ?? "/tmp"
        if let given = environment["KITH_HOME"], !given.isEmpty {
            guard let home = absolute("KITH_HOME") else {
                throw KithError(
                    .configInvalid, "KITH_HOME is not an absolute path: `\(given)`.", hint: "Start it with `/`.")
            }
            self.init(
                configuration: home + "/config.yaml", data: home, logs: home + "/logs",
                runtimes: [home + "/run", Self.fallback(temporary, userID, home)])
            return
        }
        guard let home = absolute("HOME") else {
            throw KithError(.configInvalid, "HOME is not set.", hint: "Set HOME or KITH_HOME to an absolute path.")
        }
        let state = (absolute("XDG_STATE_HOME") ?? home + "/.local/state") + "/kith"
        self.init(
            configuration: (absolute("XDG_CONFIG_HOME") ?? home + "/.config") + "/kith/config.yaml",
            data: (absolute("XDG_DATA_HOME") ?? home + "/.local/share") + "/kith",
            logs: state + "/logs",
            runtimes: [
                absolute("XDG_RUNTIME_DIR").map { $0 + "/kith" }, state + "/run",
                Self.fallback(temporary, userID, home),
            ].compactMap { $0 })
    }

    private init(configuration: String, data: String, logs: String, runtimes: [String]) {
        self.configuration = configuration
        self.data = data
        self.logs = logs
        runtime = runtimes.first { ($0 + "/kith.sock").utf8.count < 108 } ?? "/tmp/kith"
    }

    private static func fallback(_ temporary: String, _ userID: UInt32, _ home: String) -> String {
        // FNV-1a: only to tell two homes of one user apart; the folder's owner and mode are checked on use.
        let hash = home.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "\(temporary)/kith-\(userID)-\(String(hash, radix: 36))"
    }
}
