import KithAPI
import KithDiscovery

/// Discovery switched off: nobody is found, and remembered addresses are all there is.
struct NoDiscovery: Discovery {
    let events = AsyncStream<DiscoveryEvent> { continuation in
        continuation.yield(.unavailable(KithError(.unavailable, "switched off")))
        continuation.finish()
    }

    func announce(_ advert: Advert?) async {}

    func run() async throws {
        // A stream without elements: waits until the task is cancelled.
        for await _ in AsyncStream<Never>.makeStream().stream {}
    }
}
