public import FoundationEssentials

/// How one worker is: a node of its own on this machine, which its parent started and vouches for.
public struct WorkerStatus: Described, Equatable {
    /// What a worker is doing.
    public enum State: String, ParameterChoice {
        /// Its daemon runs and has answered.
        case running
        /// Its daemon is being started, or looked for after a restart of the parent.
        case starting
        /// Its daemon ended by itself; it is started again after a pause.
        case waiting
        /// Nobody wants it to run.
        case stopped
    }

    /// Its name below the parent's: `worker-1`.
    public var name: PeerName
    /// What peers call it: `studio/worker-1`.
    public var peer: PeerName
    /// Its identity.
    public var id: PeerID
    /// What it is doing.
    public var state: State
    /// The process of its daemon.
    public var pid: Int?
    /// Where it listens.
    public var address: Address?
    /// When this process of it answered first.
    public var since: Date?
    /// How often it has been started again after it ended by itself, since the parent was started.
    public var restarts: Int
    /// Why it does not run.
    public var reason: String?
    /// The folder that holds all of it; `--home` and KITH_HOME take it.
    public var folder: String

    /// A status of a worker that nobody has looked at yet.
    public init(name: PeerName, peer: PeerName, id: PeerID, state: State, folder: String) {
        (self.name, self.peer, self.id, self.state, self.folder) = (name, peer, id, state, folder)
        restarts = 0
    }

    public static var parameters: [Parameter] {
        [
            Parameter("name", \Self.name, "Its name below the parent's."),
            Parameter("peer", \Self.peer, "What peers call it."),
            Parameter("id", \Self.id, "Its identity."),
            Parameter("state", \Self.state, "What it is doing."),
            Parameter("pid", \Self.pid, "The process of its daemon."),
            Parameter("address", \Self.address, "Where it listens."),
            Parameter("since", \Self.since, "When this process of it answered first."),
            Parameter("restarts", \Self.restarts, "How often it was started again after it ended by itself."),
            Parameter("reason", \Self.reason, "Why it does not run."),
            Parameter("folder", \Self.folder, "The folder that holds all of it."),
        ]
    }
}

/// Several workers, by name.
public struct WorkerList: Described, Equatable {
    /// The workers.
    public var workers: [WorkerStatus]

    /// A list.
    public init(workers: [WorkerStatus]) { self.workers = workers }

    public static var parameters: [Parameter] { [Parameter("workers", \Self.workers, "The workers, by name.")] }
}
