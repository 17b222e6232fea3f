/// Asks the local daemon to stop: it says goodbye and is gone within 5 s. Commands and terminals run on.
public struct StopNode: Call {
    /// Whether commands and terminals are ended, too; this may take five seconds more.
    public var endsJobs: Bool?

    /// A request.
    public init(endsJobs: Bool? = nil) { self.endsJobs = endsJobs }

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
    public static var parameters: [Parameter] {
        [Parameter("endsJobs", \Self.endsJobs, "Whether commands and terminals are ended, too.")]
    }
    public static var example: StopNode { StopNode() }
}
