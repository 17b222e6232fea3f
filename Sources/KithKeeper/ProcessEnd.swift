import CLinux

/// How a process ended, and why.
public struct ProcessEnd: Sendable, Equatable {
    /// What the kernel says of it.
    public enum Exit: Sendable, Equatable {
        /// It ended by itself, with this code.
        case code(Int)
        /// A signal of this number ended it.
        case signal(Int)
    }

    /// What the kernel says of it.
    public var exit: Exit
    /// Whether ``ChildProcess/end()`` was asked while it ran.
    public var wasEnded: Bool
    /// Whether its time was up while it ran.
    public var timedOut: Bool
    /// From its start to its end; what it left behind does not count.
    public var duration: Duration

    /// The signal's name without `SIG`, for example `TERM`; its number where it has none; nil for a code.
    public var signalName: String? {
        guard case .signal(let number) = exit else { return nil }
        return kith_signal_name(Int32(number)).map { String(cString: $0) } ?? String(number)
    }
}
