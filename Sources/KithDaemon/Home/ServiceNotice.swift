import CLinux
import Glibc
import KithAPI

/// What a service manager is told, as sd_notify(3) describes it: that we are ready, alive, about to stop.
///
/// The manager names a datagram socket in `NOTIFY_SOCKET`; without one, nothing is said.
public struct ServiceNotice: Sendable, Equatable {
    /// The variables of a manager that are for us alone, not for what we start.
    private static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

    private let socket: String?
    /// How often we have to say that we are alive; nil if nobody wants to know.
    public let interval: Duration?

    /// Nobody to tell.
    public static let nobody = ServiceNotice(environment: [:], process: 0)

    /// What `environment` asks of `process`.
    public init(environment: [String: String], process: Int32) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isForUs = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        // Twice in the time that is given, as the manual advises.
        interval = socket != nil && isForUs && microseconds > 0 ? .microseconds(microseconds) / 2 : nil
    }

    /// Whether somebody listens.
    public var isHeard: Bool { socket != nil }

    /// Takes what was meant for us out of the environment of this process. To be called before there are threads.
    static func forget() { for name in variables { unsetenv(name) } }

    /// That both doors are open.
    func ready(as name: String) { say("READY=1\nSTATUS=Running as \(name).\nMAINPID=\(getpid())") }

    /// That the daemon still answers.
    func alive() { say("WATCHDOG=1") }

    /// That the daemon has begun to stop.
    func stopping() { say("STOPPING=1\nSTATUS=Stopping.") }

    private func say(_ text: String) {
        guard let socket else { return }
        _ = kith_notify(socket, text)
    }
}
