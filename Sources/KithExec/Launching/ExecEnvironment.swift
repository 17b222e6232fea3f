import Glibc
public import KithAPI

/// The owner's login environment: what every command starts with.
///
/// Built from a clean set, never inherited: of the daemon's own variables only the search path and the
/// language may come in.
public struct ExecEnvironment: Sendable, Equatable {
    /// The absolute path of the home folder.
    public var home: String
    /// The folders in which programs are looked up, absolute, first one first.
    public var path: [String]
    /// `HOME`, `USER`, `LOGNAME`, `SHELL`, `PATH`, `LANG`, and nothing else.
    public var variables: [String: String]

    /// An environment from its parts; relative folders of `path` are left out.
    public init(
        home: String, user: String, shell: String = "/bin/sh", path: [String] = ["/usr/local/bin", "/usr/bin", "/bin"],
        language: String = "C.UTF-8"
    ) {
        self.home = home
        self.path = path.filter { $0.hasPrefix("/") }
        variables = [
            "HOME": home, "USER": user, "LOGNAME": user, "SHELL": shell, "LANG": language,
            "PATH": self.path.joined(separator: ":"),
        ]
    }

    /// The environment of the user that this process runs as; blocks briefly, for the start of the daemon.
    ///
    /// - Parameter start: The environment that the daemon was started with; `PATH` and `LANG` are taken.
    /// - Throws: ``KithError`` `unavailable` for a user without an entry in the user database.
    public static func login(startedWith start: [String: String]) throws(KithError) -> ExecEnvironment {
        let identity = getuid()
        guard let entry = getpwuid(identity)?.pointee else {
            throw KithError(
                .unavailable, "User \(identity) has no entry in the user database.", hint: "Add one to /etc/passwd.")
        }
        let shell = text(entry.pw_shell)
        let folders = (start["PATH"] ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        return ExecEnvironment(
            home: text(entry.pw_dir), user: text(entry.pw_name), shell: shell.isEmpty ? "/bin/sh" : shell,
            path: folders.isEmpty ? usualPath(forRoot: identity == 0) : folders, language: start["LANG"] ?? "C.UTF-8")
    }

    /// Where programs are when nobody says otherwise; root's include the administrator's.
    static func usualPath(forRoot isRoot: Bool) -> [String] {
        let administrators = isRoot ? ["/usr/local/sbin", "/usr/sbin", "/sbin"] : []
        return administrators + ["/usr/local/bin", "/usr/bin", "/bin"]
    }

    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }
}
