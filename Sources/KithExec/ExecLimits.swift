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
    /// The longest time that may be asked for a job that needs nobody, in seconds.
    public var longestJobSeconds: Double
    /// Commands that a peer with bounds may have running, unless they say.
    public var runningWithinBounds: Int
    /// How long a job waits for the client whose link was lost.
    public var patience: Duration
    /// How long a request waits for its owner's word.
    public var approvalPatience: Duration
    /// What ``ExecService/run(_:from:)`` keeps of each stream unless told, in bytes.
    public var output: Int
    /// The most it keeps, in bytes.
    public var largestOutput: Int
    /// 16 running per peer, 10 within bounds, 256 for the owner; 4,096 words; 256 variables; 128 KiB; 300 s, at
    /// most a day, a job at most 30 days; a minute for a lost client, two for the owner's word; 256 KiB, at most
    /// 4 MiB.
    public init(
        runningPerPeer: Int = 16, runningForOwner: Int = 256, arguments: Int = 4096, variables: Int = 256,
        commandBytes: Int = 128 << 10, runTimeout: Duration = .seconds(300), longestTimeoutSeconds: Double = 86_400,
        longestJobSeconds: Double = 30 * 86_400, runningWithinBounds: Int = 10, patience: Duration = .seconds(60),
        approvalPatience: Duration = .seconds(120), output: Int = 256 << 10, largestOutput: Int = 4 << 20
    ) {
        self.runningPerPeer = runningPerPeer
        self.runningForOwner = runningForOwner
        self.arguments = arguments
        self.variables = variables
        self.commandBytes = commandBytes
        self.runTimeout = runTimeout
        self.longestTimeoutSeconds = longestTimeoutSeconds
        self.longestJobSeconds = longestJobSeconds
        self.runningWithinBounds = runningWithinBounds
        self.patience = patience
        self.approvalPatience = approvalPatience
        self.output = output
        self.largestOutput = largestOutput
    }
}
