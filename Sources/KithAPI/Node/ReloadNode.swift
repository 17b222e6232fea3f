/// Reads the configuration again and makes it true; a bad file changes nothing.
public struct ReloadNode: Call {
    /// A request.
    public init() {}

    /// What the new configuration changed.
    public struct Reply: Described, Equatable {
        /// The keys whose values differ from before.
        public var changed: [String]

        /// A reply.
        public init(changed: [String]) { self.changed = changed }

        public static var parameters: [Parameter] {
            [Parameter("changed", \Self.changed, "The keys whose values differ from before.")]
        }
    }

    public static var name: String { "node.reload" }
    public static var summary: String { "Read the configuration again." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] { [] }
    public static var example: ReloadNode { ReloadNode() }
}
