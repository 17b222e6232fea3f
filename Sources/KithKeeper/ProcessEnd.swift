import CLinux

/// How a process ended, and why.
public struct ProcessEnd: Sendable, Equatable, Codable {
    /// What the kernel says of it.
    public enum Exit: Sendable, Equatable {
        /// It ended by itself, with this code.
        case code(Int)
        /// A signal of this number ended it.
        case signal(Int)
    }

    /// What the kernel says of it.
    public var exit: Exit
    /// Whether its end was asked for while it ran.
    public var wasEnded: Bool
    /// Whether its time was up while it ran.
    public var timedOut: Bool
    /// From its start to its end, to the microsecond; what it left behind does not count.
    public var duration: Duration

    /// An end from its parts.
    public init(exit: Exit, wasEnded: Bool, timedOut: Bool, duration: Duration) {
        self.exit = exit
        self.wasEnded = wasEnded
        self.timedOut = timedOut
        self.duration = .microseconds(Int64(duration / .microseconds(1)))
    }

    /// The signal's name without `SIG`, for example `TERM`; its number where it has none; nil for a code.
    public var signalName: String? {
        guard case .signal(let number) = exit else { return nil }
        return kith_signal_name(Int32(number)).map { String(cString: $0) } ?? String(number)
    }

    private enum Key: String, CodingKey { case code, signal, wasEnded, timedOut, microseconds }

    /// Reads an end as a keeper writes it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let code = try container.decodeIfPresent(Int.self, forKey: .code)
        exit = try code.map { .code($0) } ?? .signal(container.decode(Int.self, forKey: .signal))
        wasEnded = try container.decode(Bool.self, forKey: .wasEnded)
        timedOut = try container.decode(Bool.self, forKey: .timedOut)
        duration = .microseconds(try container.decode(Int64.self, forKey: .microseconds))
    }

    /// Writes the end on one level: `{"code":0,…}` or `{"signal":15,…}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch exit {
        case .code(let code): try container.encode(code, forKey: .code)
        case .signal(let number): try container.encode(number, forKey: .signal)
        }
        try container.encode(wasEnded, forKey: .wasEnded)
        try container.encode(timedOut, forKey: .timedOut)
        try container.encode(Int64(duration / .microseconds(1)), forKey: .microseconds)
    }
}
