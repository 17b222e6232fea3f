/// Stops workers with all that runs in them, and takes back that this node vouches for them. What they hold stays.
public struct StopWorkers: Call {
    /// Which workers; all unless given.
    public var names: [PeerName]?

    /// A request to stop `names`, or all.
    public init(names: [PeerName]? = nil) { self.names = names }

    public typealias Reply = WorkerList
    public static var name: String { "worker.stop" }
    public static var summary: String { "Stop workers, all unless names are given, with all that runs in them." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] { [Parameter("names", \Self.names, "Which workers; all unless given.")] }
    public var object: String? { names?.map(\.text).joined(separator: " ") ?? "all" }
    public static var example: StopWorkers { StopWorkers(names: [PeerName(nearest: "worker-1")]) }
}

/// Stops workers and removes all that they hold: key, values, messages, tasks. There is no way back.
public struct RemoveWorkers: Call {
    /// Which workers.
    public var names: [PeerName]

    /// A request to remove `names`.
    public init(names: [PeerName]) { self.names = names }

    public typealias Reply = WorkerList
    public static var name: String { "worker.remove" }
    public static var summary: String { "Stop workers and remove all that they hold." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] { [Parameter("names", \Self.names, "Which workers.")] }
    public var object: String? { names.map(\.text).joined(separator: " ") }
    public static var example: RemoveWorkers { RemoveWorkers(names: [PeerName(nearest: "worker-1")]) }
}
