import CLinux
import Glibc

/// Where a user's systemd puts programs that outlive the daemon which it runs: each into a scope of its own.
///
/// Otherwise they would lie in the service's control group: stopping it would find them, starting it again would call
/// them left over, and their memory would be counted as the daemon's.
public struct ServiceScope: Sendable, Equatable {
    /// No systemd runs us: programs start as they are.
    public static let none = ServiceScope(prefix: [], environment: [:])

    /// What stands before a program's words, its path first.
    let prefix: [String]
    /// What that needs, to reach the user's systemd.
    let environment: [String: String]

    private static let program = "/usr/bin/systemd-run"
    private static let patience: Int32 = 5_000

    /// The scopes of the systemd that has started `process` as the main one of a user's service; ``none`` where there is
    /// no such, or where it makes no scopes. Tries it once, which blocks for some milliseconds, at most for 5 s.
    public static func find(_ environment: [String: String], process: Int32) -> ServiceScope {
        // systemd.exec(5): set for the main process of a unit. The system's own has no runtime folder.
        guard environment["SYSTEMD_EXEC_PID"] == String(process), environment["XDG_RUNTIME_DIR"]?.isEmpty == false,
            access(program, X_OK) == 0
        else { return .none }
        let scope = ServiceScope(
            // Delegated: systemd counts it, and leaves what is inside alone, also when the kernel ends one for its memory.
            prefix: [
                program, "--user", "--scope", "--quiet", "--collect", "--property=Delegate=yes",
                "--description=What outlives Kith's daemon", "--",
            ],
            environment: environment.filter { ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"].contains($0.key) })
        return scope.works ? scope : .none
    }

    /// The words that start a program there. Its process is the one that is started.
    public func words(_ words: [String]) -> [String] { prefix + words }

    private var works: Bool {
        let nothing = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(nothing) }
        guard
            let child = try? ProgramStart.run(
                words(["/bin/true"]), environment: environment, output: nothing, error: nothing)
        else { return false }
        defer { close(child.handle) }
        var ended = pollfd(fd: child.handle, events: Int16(POLLIN), revents: 0)
        if poll(&ended, 1, Self.patience) != 1 { kill(child.id, SIGKILL) }
        var (code, signal): (Int32, Int32) = (0, 0)
        poll(&ended, 1, -1)
        return kith_wait(child.handle, 1, &code, &signal) == 0 && code == 0
    }
}
