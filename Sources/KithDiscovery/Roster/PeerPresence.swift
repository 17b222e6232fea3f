import KithAPI

/// The policy for one paired peer, as a state machine: events and the time go in, actions come out.
///
/// A *round* is the set of probes on which a verdict depends. Probes that sightings provoke are not in it,
/// so strangers who announce this peer's identity can neither delay a verdict nor cause one.
///
/// | state | when asked | verdict of a failed round |
/// |---|---|---|
/// | connecting | all candidates at once | offline |
/// | online | its address every `recheck`; after a strike all candidates | a strike; at the limit offline |
/// | offline | all candidates, with back-off for ever | – |
struct PeerPresence: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Event: Sendable {
        /// The addresses in the trust book, at the start and whenever they change.
        case remembered([Address])
        case sighted(Sighting.Key, Address)
        case lost(Sighting.Key)
        case probed(Address, ProbeResult, latency: Duration)
        /// A request got an authenticated answer at this address.
        case answered(Address)
        /// A request to the peer failed.
        case failed
        /// Somebody waits for the peer.
        case wanted
        /// Time has passed.
        case tick
    }

    enum Action: Sendable, Hashable {
        case probe(Address)
        case check(at: Instant)
        case report(PresenceState)
    }

    private(set) var state = PresenceState.connecting
    private(set) var lastSeen: Instant?
    private var candidates = CandidateBook()
    /// When each probe under way is given up.
    private var underWay: [Address: Instant] = [:]
    private var round: Set<Address> = []
    private var isRefused = false
    private var strikes = 0
    private var failures = 0
    private var checkAt: Instant?
    private var burst: (since: Instant, count: Int)?
    private var actions: [Action] = []
    private let policy: RosterPolicy

    init(policy: RosterPolicy) { self.policy = policy }

    /// Where the peer may be: where it is online first.
    var addresses: [Address] {
        guard let current = state.onlineAddress else { return candidates.addresses }
        return Array(([current] + candidates.addresses.filter { $0 != current }).prefix(RosterPolicy.candidateLimit))
    }

    /// When `tick` is due.
    var wakeAt: Instant? { [checkAt, underWay.values.min()].compactMap(\.self).min() }

    /// Takes an event and says what to do. `jitter`, 0 to 1, spreads the retries.
    mutating func receive(_ event: Event, now: Instant, jitter: Double = 0) -> [Action] {
        let before = (state: state, wakeAt: wakeAt)
        actions = []
        apply(event, now: now, jitter: jitter)
        if !state.tells(theSameAs: before.state) { actions.append(.report(state)) }
        if let wakeAt, wakeAt != before.wakeAt { actions.append(.check(at: wakeAt)) }
        return actions
    }

    private mutating func apply(_ event: Event, now: Instant, jitter: Double) {
        switch event {
        case .remembered(let addresses): remember(addresses, now: now, jitter: jitter)
        case .sighted(let key, let address): see(key, at: address, now: now)
        case .lost(let key): lose(key, now: now, jitter: jitter)
        case .probed(let address, let result, let latency):
            finish(address, result, latency: latency, now: now, jitter: jitter)
        case .answered(let address): succeed(at: address, latency: nil, now: now)
        case .failed: if state.isOnline { doubt(now: now, jitter: jitter) }
        case .wanted: if !state.isOnline { provoke(candidates.addresses, now: now) }
        case .tick: passTime(now: now, jitter: jitter)
        }
    }
}

// MARK: - What is known

extension PeerPresence {
    private mutating func remember(_ addresses: [Address], now: Instant, jitter: Double) {
        let known = Set(candidates.addresses)
        candidates.remember(addresses)
        guard !state.isOnline else { return }
        guard state == .connecting, round.isEmpty else {
            return provoke(candidates.addresses.filter { !known.contains($0) }, now: now)
        }
        startRound(candidates.addresses, now: now)
        if round.isEmpty { turnOffline(now: now, jitter: jitter) }
    }

    private mutating func see(_ key: Sighting.Key, at address: Address, now: Instant) {
        candidates.see(key, at: address)
        guard state.onlineAddress != address else { return }
        provoke([address], now: now)
    }

    /// A goodbye is a hint as well: it only makes us ask, but then one failure is enough.
    private mutating func lose(_ key: Sighting.Key, now: Instant, jitter: Double) {
        guard let address = candidates.lose(key), address == state.onlineAddress, !candidates.isSighted(address) else {
            return
        }
        doubt(now: now, jitter: jitter)
    }
}

// MARK: - Asking

extension PeerPresence {
    private mutating func doubt(now: Instant, jitter: Double) {
        strikes = max(strikes, 1)
        guard round.isEmpty, mayProvoke(now: now) else { return }
        startRound(addresses, now: now)
    }

    /// Probes at once, outside any round; when there was too much of that, within a second.
    private mutating func provoke(_ addresses: [Address], now: Instant) {
        for address in addresses where underWay[address] == nil {
            guard mayProvoke(now: now) else { return checkSoon(now: now) }
            probe(address, now: now)
        }
        if checkAt == nil, !state.isOnline, round.isEmpty { checkAt = now + policy.firstRetry }
    }

    private mutating func checkSoon(now: Instant) {
        let soon = now + .seconds(1)
        checkAt = min(checkAt ?? soon, soon)
    }

    private mutating func mayProvoke(now: Instant) -> Bool {
        guard underWay.count < 2 * RosterPolicy.candidateLimit else { return false }
        if let burst, now - burst.since < .seconds(1) {
            self.burst = (burst.since, burst.count + 1)
            return burst.count < RosterPolicy.burstLimit
        }
        burst = (now, 1)
        return true
    }

    private mutating func startRound(_ addresses: [Address], now: Instant) {
        round = Set(addresses)
        for address in addresses where underWay[address] == nil { probe(address, now: now) }
    }

    private mutating func probe(_ address: Address, now: Instant) {
        underWay[address] = now + policy.probeTimeout
        actions.append(.probe(address))
    }

    private mutating func passTime(now: Instant, jitter: Double) {
        let late = underWay.filter { $0.value <= now }.keys
        for address in late { underWay[address] = nil }
        for address in late { fail(address, now: now, jitter: jitter) }
        guard let checkAt, checkAt <= now else { return }
        if let current = state.onlineAddress {
            self.checkAt = now + policy.recheck
            if round.isEmpty { startRound([current], now: now) }
        } else {
            failures += 1
            self.checkAt =
                candidates.addresses.isEmpty ? nil : now + policy.backoff.delay(after: failures, jitter: jitter)
            for address in candidates.addresses where underWay[address] == nil { probe(address, now: now) }
        }
    }
}

// MARK: - Answers

extension PeerPresence {
    private mutating func finish(
        _ address: Address, _ result: ProbeResult, latency: Duration, now: Instant, jitter: Double
    ) {
        // Late is too late, except for good news.
        guard underWay.removeValue(forKey: address) != nil || result == .answered else { return }
        if result == .answered { return succeed(at: address, latency: latency, now: now) }
        noteRefusal(result)
        fail(address, now: now, jitter: jitter)
    }

    private mutating func fail(_ address: Address, now: Instant, jitter: Double) {
        guard round.remove(address) != nil, round.isEmpty else { return }
        failRound(now: now, jitter: jitter)
    }

    private mutating func noteRefusal(_ result: ProbeResult) {
        guard result == .refused else { return }
        isRefused = true
        if case .offline(let since, false) = state { state = .offline(since: since, isRefused: true) }
    }

    private mutating func failRound(now: Instant, jitter: Double) {
        guard state.isOnline else { return turnOffline(now: now, jitter: jitter) }
        strikes += 1
        if strikes < policy.strikes { startRound(addresses, now: now) } else { turnOffline(now: now, jitter: jitter) }
    }

    private mutating func turnOffline(now: Instant, jitter: Double) {
        state = .offline(since: now, isRefused: isRefused)
        strikes = 0
        failures = 0
        checkAt = candidates.addresses.isEmpty ? nil : now + policy.backoff.delay(after: 0, jitter: jitter)
    }

    private mutating func succeed(at address: Address, latency: Duration?, now: Instant) {
        lastSeen = now
        guard !keepsCurrent(over: address) else { return }
        state = .online(at: address, since: onlineSince ?? now, latency: latency ?? knownLatency(at: address))
        candidates.prove(address)
        round = []
        strikes = 0
        isRefused = false
        checkAt = now + policy.recheck
    }

    /// Another address answers as well: no reason to move, unless the current one is in doubt, or is only
    /// remembered while the other one is announced.
    private func keepsCurrent(over address: Address) -> Bool {
        guard let current = state.onlineAddress, current != address, strikes == 0 else { return false }
        return candidates.isSighted(current) || !candidates.isSighted(address)
    }

    private var onlineSince: Instant? {
        if case .online(_, let since, _) = state { since } else { nil }
    }

    private func knownLatency(at address: Address) -> Duration? {
        if case .online(address, _, let latency) = state { latency } else { nil }
    }
}
