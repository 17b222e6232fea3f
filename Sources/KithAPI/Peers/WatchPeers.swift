/// Sends the list of peers: at once, and whenever it has changed in more than times and latencies.
public struct WatchPeers: Feed {
    /// A request.
    public init() {}

    public typealias Element = ListPeers.Reply
    public static var name: String { "peer.watch" }
    public static var summary: String { "Watch peers come, go and change." }
    public static var grant: Grant { .owner }
    public static var isReadOnly: Bool { true }
    public static var parameters: [Parameter] { [] }
    public static var example: WatchPeers { WatchPeers() }
}
