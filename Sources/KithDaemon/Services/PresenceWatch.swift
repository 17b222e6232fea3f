import FoundationEssentials
import KithAPI
import KithDiscovery
import KithExec
import KithTrust
import KithWire
import KithWorkers

/// Keeps the roster, the live connections and the trust book in step.
struct PresenceWatch: Sendable {
    let book: TrustBook
    let roster: Roster
    let live: LiveConnections
    let exec: ExecService
    let client: PeerClient
    let seen: SeenBook
    /// Brings what waits for a worker that has come back; nobody else hears of that.
    let talk: Talk
    /// Workers trust whom this node trusts.
    let fleet: WorkerFleet?
    let now: @Sendable () -> Date

    /// Follows both until cancelled.
    func run() async throws {
        let (changes, feed) = AsyncStream.makeStream(of: TrustChange.self, bufferingPolicy: .bufferingNewest(1_024))
        book.onChange { change in
            review(change)
            feed.yield(change)
        }
        await roster.setPeers(knownPeers)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await follow(changes) }
            group.addTask { await followRoster() }
        }
    }

    /// Keeps the roster and the workers at what the book says, and a clock on the grants that end.
    private func follow(_ changes: AsyncStream<TrustChange>) async {
        let grants = GrantClock(book: book, now: now) { review($0) }
        var clock = Task { try await grants.run() }
        for await change in changes {
            clock.cancel()
            clock = Task { try await grants.run() }
            await take(change)
        }
        clock.cancel()
    }

    private func take(_ change: TrustChange) async {
        await roster.setPeers(knownPeers)
        // What is vouched for comes from the fleet, or concerns other nodes' workers.
        guard change.kind != .vouchersChanged else { return }
        guard change.kind != .addressLearned || book.pin(for: change.id)?.source == .pairing else {
            return await talk.hasMoved(change.id)
        }
        // A name or a grant is no presence, and those who watch the list show it all the same.
        await roster.noteChanged(change.id)
        // A change to what is vouched for comes from the fleet, or concerns other nodes' workers.
        guard change.kind != .addressLearned, book.pin(for: change.id).map({ $0.source == .pairing }) ?? true else {
            return
        }
        await fleet?.inheritanceChanged()
    }

    /// Those that this node asks by itself again and again: its peers, its workers, and those that peers vouch for. A
    /// worker asks only whom it has paired with: whether its siblings are there, its parent knows.
    private var knownPeers: [KnownPeer] {
        (fleet == nil ? book.pairedPeers : book.peers).filter { $0.state == .active }.map {
            KnownPeer(id: $0.id, name: $0.name, addresses: $0.addresses)
        }
    }

    /// Ends what a peer may do no longer, in the same moment.
    private func review(_ change: TrustChange) {
        guard change.kind == .removed || change.kind == .grantsChanged else { return }
        if change.kind == .removed {
            client.drop(change.id)
            seen.forget(change.id)
        }
        review(change.id)
    }

    /// What a parent may do no longer, its workers may not either.
    private func review(_ id: PeerID) {
        reviewAlone(id)
        for worker in book.workers(vouchedBy: id) { reviewAlone(worker) }
    }

    private func reviewAlone(_ id: PeerID) {
        let peer = book.activePeer(id)
        exec.review(id)
        live.review(id) { grant in
            guard let peer else { return false }
            return grant.map { peer.grants.allows($0, at: now()) } ?? true
        }
    }

    /// Remembers where a peer answered, so that it is found without discovery the next time.
    private func followRoster() async {
        for await change in await roster.changes() {
            note(change)
            guard case .changed(let presence) = change else { continue }
            endWaiting(for: presence)
            guard let address = presence.state.onlineAddress, let pin = book.pin(for: presence.id),
                pin.source == .pairing, pin.addresses.first != address
            else { continue }
            try? await book.remember(address: address, for: presence.id)
        }
    }

    /// Whoever waits for the first answer of a peer that has stopped answering waits no longer.
    private func endWaiting(for presence: Presence) {
        switch presence.state {
        case .online: client.isThere(presence.id)
        case .offline: client.hasFallenSilent(presence.id)
        case .connecting, .unpaired: break
        }
    }

    private func note(_ change: RosterChange) {
        guard case .changed(let presence) = change, presence.isPaired, let last = presence.lastSeen,
            book.pin(for: presence.id)?.source == .pairing
        else { return }
        seen.note(presence.id, at: now().addingTimeInterval(-Double(seconds: ContinuousClock.now - last)))
        // The news may be older than the peer's removal, which has forgotten it.
        if book.pin(for: presence.id) == nil { seen.forget(presence.id) }
    }

    static func word(_ availability: DiscoveryEvent?) -> String {
        switch availability {
        case .available: "available"
        case .unavailable(let error): error.message
        default: "starting"
        }
    }
}
