/// Asks the local daemon to stop: it ends running commands, says goodbye and is gone within 5 s.
public struct StopNode: Call {
    /// A request.
    public init() {}

    /// That the daemon has begun to stop.
    public struct Reply: Described, Equatable {
        /// The process that is stopping.
        public var pid: Int

        /// A reply.
        public init(pid: Int) { self.pid = pid }

        public static var parameters: [Parameter] { [Parameter("pid", \Self.pid, "The process that is stopping.")] }
    }

    public static var name: String { "node.stop" }
    public static var summary: String { "Stop this daemon." }
    public static var grant: Grant { .owner }
    public static var parameters: [Parameter] { [] }
    public static var example: StopNode { StopNode() }
}
