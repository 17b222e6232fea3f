import CAvahi
public import KithAPI

/// Discovery by mDNS, through the system's avahi-daemon over D-Bus (`DBUS_SYSTEM_BUS_ADDRESS` chooses
/// another bus; libdbus reads it once per process).
///
/// Survives restarts of avahi-daemon and of the bus, and waits for ever for one that is not there.
public actor AvahiDiscovery: Discovery {
    public nonisolated let events: AsyncStream<DiscoveryEvent>
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private nonisolated let executor: QueueExecutor
    private let listener: AsyncStream<DiscoveryEvent>.Continuation
    private let poll: QueuePoll
    private let own: PeerID
    private let backoff = Backoff(first: .milliseconds(250), last: .seconds(30))
    private var failures = 0
    private var advert: Advert?
    private var session: AvahiSession?
    private var failure: AsyncStream<Int32>.Continuation?
    private var sightings: [Sighting.Key: Sighting] = [:]
    private var availability: DiscoveryEvent?

    /// Discovery for the node `own`, whose own adverts are not told. Nothing happens before ``run()``.
    public init(own: PeerID) {
        self.own = own
        executor = QueueExecutor(label: "kith.discovery")
        poll = QueuePoll(queue: executor.queue)
        (events, listener) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(DiscoveryEvent.bufferLimit))
    }

    public func announce(_ advert: Advert?) {
        self.advert = advert
        session?.announce(advert)
    }

    public func run() async throws {
        while !Task.isCancelled {
            // A new turn: this resumes from the queue, never from within libavahi's callback.
            let failure = await runOneSession()
            session?.close()
            session = nil
            guard let failure, !Task.isCancelled else { break }
            tell(.unavailable(AvahiFailure.error(for: failure)))
            forgetAll()
            let pause = backoff.delay(after: failures)
            failures += 1
            try? await Task.sleep(for: pause)
        }
        forgetAll()
        listener.finish()
    }

    /// Runs until the session fails, and gives libavahi's number for the reason; nil when cancelled.
    private func runOneSession() async -> Int32? {
        let (outcomes, failure) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingOldest(1))
        self.failure = failure
        let session = AvahiSession(poll: poll) { [weak self] signal in
            self?.assumeIsolated { $0.take(signal) }
        }
        self.session = session
        session.open()
        return await outcomes.first { _ in true }
    }

    private func take(_ signal: AvahiSignal) {
        switch signal {
        case .running:
            failures = 0
            tell(.available)
            session?.announce(advert)
        case .waiting: tell(.unavailable(AvahiFailure.daemonIsMissing))
        case .settling: break
        case .failed(let number): failure?.yield(number)
        case .nameTaken: session?.rename()
        case .seen(let sighting): see(sighting)
        case .unreadable(let key), .gone(let key): lose(key)
        }
    }

    /// Our own adverts are known by the identity: another node on this machine is also "our own" to Avahi.
    private func see(_ sighting: Sighting) {
        guard sighting.advert.id != own else { return lose(sighting.key) }
        guard sightings.updateValue(sighting, forKey: sighting.key) != sighting else { return }
        listener.yield(.found(sighting))
    }

    private func lose(_ key: Sighting.Key) {
        if sightings.removeValue(forKey: key) != nil { listener.yield(.lost(key)) }
    }

    private func forgetAll() {
        for key in sightings.keys { listener.yield(.lost(key)) }
        sightings = [:]
    }

    private func tell(_ availability: DiscoveryEvent) {
        guard self.availability != availability else { return }
        self.availability = availability
        listener.yield(availability)
    }
}
