/// How much a keeper holds for each process, and how long it waits.
public struct KeeperLimits: Sendable, Equatable {
    /// Bytes of each output stream that wait to be taken; a full stream is not read until half is taken.
    public var outputBuffer: Int
    /// Bytes of input that wait for the process to read; above it ``ChildProcess/write(_:)`` waits.
    public var inputBuffer: Int
    /// From TERM to KILL.
    public var grace: Duration
    /// How long what the process left behind may hold its output open.
    public var linger: Duration

    /// 256 KiB each way, five seconds to end, one second for what is left behind.
    public init(
        outputBuffer: Int = 256 << 10, inputBuffer: Int = 256 << 10, grace: Duration = .seconds(5),
        linger: Duration = .seconds(1)
    ) {
        self.outputBuffer = outputBuffer
        self.inputBuffer = inputBuffer
        self.grace = grace
        self.linger = linger
    }
}
