/// Sees that workers run: makes those that are not there, starts those that do not run, and waits for their answers.
///
/// Either `names`, or a `count`: then `prefix-1` to `prefix-count` run afterwards. Asked again it changes nothing.
public struct StartWorkers: Call {
    /// Which workers.
    public var names: [PeerName]?
    /// How many, instead of names; 1 to ``maximum``.
    public var count: Int?
    /// How the names of a fleet begin; `worker` unless given.
    public var prefix: PeerName?
    /// What they may do at nodes that accept them, at most; everything that their parent may unless given.
    public var grants: [Grant]?

    /// The most workers that a node has.
    public static let maximum = 128

    /// A request.
    public init(names: [PeerName]? = nil, count: Int? = nil, prefix: PeerName? = nil, grants: [Grant]? = nil) {
        (self.names, self.count, self.prefix, self.grants) = (names, count, prefix, grants)
    }

    public typealias Reply = WorkerList
    public static var name: String { "worker.start" }
    public static var summary: String { "Start workers: nodes of their own on this machine." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] {
        [
            Parameter("names", \Self.names, "Which workers: 1 to 63 letters, digits, `.`, `_` or `-` each."),
            Parameter("count", \Self.count, "How many, instead of names: `prefix-1` to `prefix-count`."),
            Parameter("prefix", \Self.prefix, "How the names of a fleet begin; `worker` unless given."),
            Parameter(
                "grants", \Self.grants, "What they may do at peers, at most; all that this node may unless given."),
        ]
    }
    public var object: String? {
        if let names { return names.map(\.text).joined(separator: " ") }
        let stem = prefix?.text ?? "worker"
        return count.map { $0 > 1 ? "\(stem)-1 to \(stem)-\($0)" : "\(stem)-1" }
    }
    public static var example: StartWorkers { StartWorkers(count: 4, prefix: PeerName(nearest: "fleet")) }
}
