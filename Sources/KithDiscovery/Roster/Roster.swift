public import KithAPI

/// The truth about who is where: feeds what is known about each paired peer to its ``PeerPresence``, makes
/// the probes that it asks for, and answers questions.
///
/// For the daemon only; nothing here is proof to a third party.
public actor Roster {
    /// An authenticated ping over pinned TLS. Must return soon after it is cancelled, which happens at the
    /// latest after ``RosterPolicy/probeTimeout``; at most ``RosterPolicy/probeLimit`` run at a time.
    public typealias Probe = @Sendable (PeerID, Address) async -> ProbeResult

    struct Job: Sendable {
        let id: PeerID
        let address: Address
    }

    struct Member {
        var peer: KnownPeer
        var presence: PeerPresence
    }

    let policy: RosterPolicy
    let probe: Probe
    let jobs: AsyncStream<Job>
    /// How often the clock woke the roster.
    private(set) var wakeCount = 0
    var members: [PeerID: Member] = [:]
    var book = SightingBook()
    var readers: [Int: AsyncStream<RosterChange>.Continuation] = [:]
    var nextReader = 0
    /// How the ``Discovery`` fares; nil before its first word.
    public private(set) var availability: DiscoveryEvent?

    private let queue: AsyncStream<Job>.Continuation
    private let jitter: @Sendable () -> Double
    /// Until when the clock rests, and how to wake it earlier.
    private var restsUntil: ContinuousClock.Instant?
    private var alarm: AsyncStream<Void>.Continuation?

    /// A roster that knows nobody yet.
    /// - Parameters:
    ///   - jitter: chance, 0 to 1, that spreads retries.
    ///   - probe: how a peer is asked; see ``Probe``.
    public init(
        policy: RosterPolicy = RosterPolicy(), jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        probe: @escaping Probe
    ) {
        self.policy = policy
        self.jitter = jitter
        self.probe = probe
        // A job that finds no room is given up by its peer's presence when its time is over.
        (jobs, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1_024))
    }

    /// Watches the peers until the task is cancelled; to be called once. What is told to the roster before
    /// is kept.
    /// - Parameter events: what a ``Discovery`` tells; its `run` is somebody else's business.
    public func run(following events: AsyncStream<DiscoveryEvent>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await event in events { await self.receive(event) } }
            group.addTask { await self.keepTime() }
            group.addTask { await self.makeProbes() }
        }
        for reader in readers.values { reader.finish() }
        readers = [:]
    }

    /// Replaces the paired peers, at most ``RosterPolicy/peerLimit``: new ones are asked at once, those that
    /// are missing are forgotten.
    public func setPeers(_ peers: [KnownPeer]) {
        let peers = peers.prefix(RosterPolicy.peerLimit)
        let gone = Set(members.keys).subtracting(peers.map(\.id))
        for id in gone { forget(id) }
        for peer in peers { set(peer) }
    }

    /// A request to the peer got an authenticated answer at this address.
    public func noteAnswered(_ id: PeerID, at address: Address) { feed(.answered(address), to: id) }

    /// The peer has come to us by itself, so it is worth asking whether it can be reached.
    public func noteArrived(_ id: PeerID) {
        if members[id]?.presence.state.isOnline == false { feed(.wanted, to: id) }
    }

    /// A request to the peer failed on the way; it is asked at once whether it is still there.
    public func noteFailed(_ id: PeerID) { feed(.failed, to: id) }

    /// Gives an event to the peer's presence, and does what that says.
    func feed(_ event: PeerPresence.Event, to id: PeerID) {
        guard var member = members[id] else { return }
        let actions = member.presence.receive(event, now: .now, jitter: jitter())
        members[id] = member
        for action in actions {
            switch action {
            case .probe(let address): queue.yield(Job(id: id, address: address))
            case .check(let time): if restsUntil.map({ time < $0 }) ?? true { alarm?.yield() }
            case .report: announceChange(of: id)
            }
        }
    }

    private func set(_ peer: KnownPeer) {
        let known = members[peer.id]
        guard known?.peer != peer else { return }
        members[peer.id] = Member(peer: peer, presence: known?.presence ?? PeerPresence(policy: policy))
        if known == nil {
            for sighting in book.sightings(of: peer.id).reversed() {
                feed(.sighted(sighting.key, sighting.address), to: peer.id)
            }
        }
        feed(.remembered(peer.addresses), to: peer.id)
        announceChange(of: peer.id)
    }

    private func forget(_ id: PeerID) {
        members[id] = nil
        announceChange(of: id)
    }
}

// MARK: - Sightings

extension Roster {
    private func receive(_ event: DiscoveryEvent) {
        switch event {
        case .available, .unavailable: availability = event
        case .found(let sighting): see(sighting)
        case .lost(let key): book.remove(key).map(lose)
        }
    }

    private func see(_ sighting: Sighting) {
        let id = sighting.advert.id
        let before = book[sighting.key]
        guard let removed = book.add(sighting, isPaired: { members[$0] != nil }) else { return }
        for other in removed { lose(other) }
        // The same instance under another identity: the first one is no longer there.
        if let before, before.advert.id != id { lose(before) }
        feed(.sighted(sighting.key, sighting.address), to: id)
        if before?.advert != sighting.advert || members[id] == nil { announceChange(of: id) }
    }

    private func lose(_ sighting: Sighting) {
        feed(.lost(sighting.key), to: sighting.advert.id)
        announceChange(of: sighting.advert.id)
    }
}

// MARK: - Time

extension Roster {
    /// Sleeps until the first presence is due, but never wakes twice within ``RosterPolicy/wakeGap``.
    private func keepTime() async {
        var lastWake = ContinuousClock.now - policy.wakeGap
        while !Task.isCancelled {
            let due = members.values.compactMap(\.presence.wakeAt).min()
            let wake = due.map { max($0, lastWake + policy.wakeGap) }
            await rest(until: wake)
            guard let wake, wake <= .now else { continue }
            lastWake = .now
            wakeCount += 1
            for (id, member) in members where member.presence.wakeAt.map({ $0 <= lastWake }) ?? false {
                feed(.tick, to: id)
            }
        }
    }

    private func rest(until wake: ContinuousClock.Instant?) async {
        let (alarms, alarm) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.alarm = alarm
        restsUntil = wake
        await withTaskGroup(of: Void.self) { group in
            if let wake { group.addTask { try? await Task.sleep(until: wake, clock: .continuous) } }
            group.addTask { _ = await alarms.first { true } }
            await group.next()
            group.cancelAll()
        }
    }
}
