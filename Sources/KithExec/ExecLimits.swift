public import KithKeeper

/// How much callers may ask for.
public struct ExecLimits: Sendable, Equatable {
    /// Commands that one peer may have running.
    public var runningPerPeer: Int
    /// Commands that the owner may have running.
    public var runningForOwner: Int
    /// Words of a command, its program included.
    public var arguments: Int
    /// Variables that a caller may add.
    public var variables: Int
    /// Bytes of a peer's words and variables together.
    public var commandBytes: Int
    /// How long ``ExecService/run(_:from:)`` waits unless told.
    public var runTimeout: Duration
    /// The longest time that may be asked for, in seconds.
    public var longestTimeoutSeconds: Double
    /// What ``ExecService/run(_:from:)`` keeps of each stream unless told, in bytes.
    public var output: Int
    /// The most it keeps, in bytes.
    public var largestOutput: Int
    /// From TERM to KILL when the daemon stops, so that all is over within five seconds.
    public var stopGrace: Duration
    /// Buffers and times of the processes themselves.
    public var keeper: KeeperLimits

    /// 16 running per peer, 256 for the owner; 4,096 words; 256 variables; 128 KiB; 300 s, at most a day;
    /// 256 KiB, at most 4 MiB.
    public init(
        runningPerPeer: Int = 16, runningForOwner: Int = 256, arguments: Int = 4096, variables: Int = 256,
        commandBytes: Int = 128 << 10, runTimeout: Duration = .seconds(300), longestTimeoutSeconds: Double = 86_400,
        output: Int = 256 << 10, largestOutput: Int = 4 << 20, stopGrace: Duration = .milliseconds(3500),
        keeper: KeeperLimits = KeeperLimits()
    ) {
        self.runningPerPeer = runningPerPeer
        self.runningForOwner = runningForOwner
        self.arguments = arguments
        self.variables = variables
        self.commandBytes = commandBytes
        self.runTimeout = runTimeout
        self.longestTimeoutSeconds = longestTimeoutSeconds
        self.output = output
        self.largestOutput = largestOutput
        self.stopGrace = stopGrace
        self.keeper = keeper
    }
}
