public import KithAPI

/// Discovery among the nodes of one process, over a ``MemoryNetwork``.
public struct MemoryDiscovery: Discovery {
    public let events: AsyncStream<DiscoveryEvent>
    private let listener: AsyncStream<DiscoveryEvent>.Continuation
    private let own: PeerID
    private let network: MemoryNetwork

    /// The place of the node `own` on `network`; nothing happens before ``run()``.
    public init(own: PeerID, on network: MemoryNetwork) {
        self.own = own
        self.network = network
        (events, listener) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(DiscoveryEvent.bufferLimit))
    }

    public func run() async throws {
        network.join(own, listener: listener)
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        network.leave(own)
        listener.finish()
    }

    public func announce(_ advert: Advert?) async {
        network.announce(advert, by: own)
    }
}
