/// How much a keeper holds for each job, and how long it waits.
public struct KeeperLimits: Sendable, Equatable, Codable {
    /// Bytes of input that wait for the process to read; above it ``HeldJob/write(_:)`` waits.
    public var inputBuffer: Int
    /// From TERM to KILL.
    public var grace: Duration
    /// How long what the process left behind may hold its output open.
    public var linger: Duration
    /// Bytes of a file of output.
    public var segment = 4 << 20
    /// Bytes of files that are kept of the beginning of a job's output.
    public var head = 32 << 20
    /// Bytes of files that are kept of its end.
    public var tail = 32 << 20
    /// How many bytes a process may be ahead of a follower that leads it.
    public var lead = 1 << 20
    /// Ended jobs that are remembered; the oldest are forgotten first.
    public var remembered = 1000
    /// How long an ended job is remembered.
    public var retention = Duration.seconds(24 * 3600)
    /// Jobs that may run at once.
    public var running = 2000
    /// How long a keeper waits for its first daemon.
    public var patience = Duration.seconds(10)

    /// 256 KiB of input, five seconds to end, one second for what is left behind; of output 32 MiB of the
    /// beginning and 32 MiB of the end; 1,000 ended jobs for 24 hours; 2,000 running ones.
    public init(
        inputBuffer: Int = 256 << 10, grace: Duration = .seconds(5), linger: Duration = .seconds(1)
    ) {
        self.inputBuffer = inputBuffer
        self.grace = grace
        self.linger = linger
    }
}
