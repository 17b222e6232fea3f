/// Shows how this node is, with its peers, jobs, messages and tasks; then again whenever something has changed.
///
/// At most four times a second, and every ten seconds in any case, so that figures do not grow old.
public struct WatchNode: Feed {
    /// Whether to end after the first overview.
    public var once: Bool?

    /// A request.
    public init(once: Bool? = nil) { self.once = once }

    public typealias Element = NodeOverview
    public static var name: String { "node.watch" }
    public static var summary: String { "Show how this node is and what goes on, whenever it changes." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] {
        [Parameter("once", \Self.once, "Whether to end after the first overview.")]
    }
    public static var example: WatchNode { WatchNode(once: true) }
}
