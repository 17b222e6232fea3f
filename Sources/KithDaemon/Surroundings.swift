public import FoundationEssentials
public import KithAPI
public import KithKeeper
public import Logging

/// What a daemon is given besides its home and its owner's wishes; tests give other things than the program does.
public struct Surroundings: Sendable {
    /// Where it says what it does.
    public var logger: Logger
    /// What `kith reload` sets when the log level has changed.
    public var threshold = LogThreshold()
    /// Which versions of the protocol it speaks with other nodes.
    public var protocols = ProtocolRange.own
    /// Whom to tell that it is ready, alive, about to stop.
    public var notice = ServiceNotice.nobody
    /// Where is put what outlives the daemon: the keeper with its jobs, and workers.
    public var scope = ServiceScope.none
    /// The clock of everything that is written down.
    public var now: @Sendable () -> Date = { Date() }

    /// The usual surroundings.
    public init(logger: Logger) { self.logger = logger }
}
