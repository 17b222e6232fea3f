/// A way to find nodes on the network and to announce this one. What it tells is a hint, never trust.
public protocol Discovery: Sendable {
    /// What happens on the network; for one consumer. At most ``DiscoveryEvent/bufferLimit`` events
    /// wait, the newest are kept. Ends when ``run()`` ends.
    var events: AsyncStream<DiscoveryEvent> { get }

    /// Searches and announces until the task is cancelled, and then says goodbye. To be called once.
    func run() async throws

    /// Announces this node, replaces what it announced before, or withdraws it (nil). At any time,
    /// before ``run()`` too; lasts through restarts of whatever carries it.
    func announce(_ advert: Advert?) async
}
