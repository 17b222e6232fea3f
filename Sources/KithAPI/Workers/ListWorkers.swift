/// Lists the workers of this node.
public struct ListWorkers: Call {
    /// A request.
    public init() {}

    public typealias Reply = WorkerList
    public static var name: String { "worker.list" }
    public static var summary: String { "List the workers of this node." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: ListWorkers { ListWorkers() }
}

/// Asks how one worker is.
public struct GetWorker: Call {
    /// Its name, with or without the parent's before it.
    public var worker: String

    /// A request about `worker`.
    public init(worker: String) { self.worker = worker }

    public typealias Reply = WorkerStatus
    public static var name: String { "worker.status" }
    public static var summary: String { "Say how one worker is." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [Parameter("worker", \Self.worker, "Its name.")] }
    public var object: String? { worker }
    public static var example: GetWorker { GetWorker(worker: "worker-1") }
}
