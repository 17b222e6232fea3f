import FoundationEssentials
import KithAPI
import KithDiscovery
import KithTrust
import KithWire

/// Answers about peers: what the trust book says of them, with what the roster knows of their presence.
struct PeersService: Sendable {
    let book: TrustBook
    let roster: Roster
    let client: PeerClient
    let seen: SeenBook
    let identity: NodeIdentity
    /// Where the folders of a scope begin that are not absolute.
    let userHome: String
    let now: @Sendable () -> Date
    /// The parent of this node, where it is a worker.
    var household: ParentNode?

    func list() async -> ListPeers.Reply {
        let presences = await roster.snapshot()
        let known = household == nil ? nil : await household?.peers() ?? [:]
        let paired = book.peers.map { pin -> PeerStatus in
            guard let known, pin.source != .pairing else {
                return status(of: pin, presences.first { $0.id == pin.id })
            }
            return hearsay(pin, known)
        }
        let strangers = presences.filter { !$0.isPaired && book.pin(for: $0.id) == nil }.map { presence in
            PeerStatus(id: presence.id, name: presence.name, status: .unpaired, address: presence.addresses.first)
        }
        return ListPeers.Reply(
            peers: paired.sorted { $0.name < $1.name } + strangers.sorted { $0.name < $1.name })
    }

    /// The list now, and again whenever it says something else about anybody.
    func watch(_ write: @escaping @Sendable (ListPeers.Reply) async throws -> Void) async throws {
        let changes = await roster.changes()
        var last = await list()
        try await write(last)
        for await _ in changes {
            let now = await list()
            guard now.withoutMeasures != last.withoutMeasures else { continue }
            last = now
            try await write(now)
        }
    }

    func status(_ request: GetPeer) async throws -> PeerStatus {
        guard !PeerName.isThisNode(request.peer) else { return own }
        let pin = try book.find(request.peer)
        let greeting = await greet(pin)
        if case .answered(_, let address, _) = greeting { await roster.noteAnswered(pin.id, at: address) }
        guard pin.source == .pairing else { return status(of: pin, after: greeting) }
        if case .otherVersion(let error) = greeting { throw error }
        return await status(of: pin)
    }

    /// This node, as if it were a peer of its own.
    private var own: PeerStatus {
        PeerStatus(
            id: identity.id, name: identity.name, status: .online, lastSeen: now(), grants: GrantPreset.mine.grants)
    }

    /// Tries the address with each key we trust: the one that answers there is the one that lives there.
    func add(_ request: AddPeer) async throws -> PeerStatus {
        guard let address = Address(request.address) else {
            throw KithError(
                .requestInvalid, "`\(request.address)` is not an address.", hint: "Write `host` or `host:port`.")
        }
        for pin in book.peers {
            guard (try? await client.ping(pin, at: address, seconds: 3)) != nil else { continue }
            try await book.remember(address: address, for: pin.id)
            await roster.noteAnswered(pin.id, at: address)
            return await status(of: pin)
        }
        throw KithError(
            .peerUnknown, "No paired peer answers at \(address).",
            hint: "To pair with it: `kith pair \(request.address)`.")
    }

    func remove(_ request: RemovePeer) async throws -> PeerStatus {
        let last = await status(of: try book.find(request.peer))
        try await book.remove(last.id)
        return last
    }

    func rename(_ request: RenamePeer) async throws -> PeerStatus {
        let pin = try book.find(request.peer)
        try await book.rename(pin.id, to: request.newName)
        return await status(of: try book.find(request.newName.text))
    }

    func grant(_ request: GrantPeer) async throws -> PeerStatus {
        let pin = try book.find(request.peer)
        let added = request.add ?? []
        for rule in added { try rule.checkSense() }
        var rules = (request.preset?.grants ?? pin.grants).rules
        rules.removeAll { old in added.contains { $0.grant == old.grant && $0.effect == old.effect } }
        rules += added.map { $0.resolved(home: userHome) }
        rules.removeAll { request.remove?.contains($0.grant) == true }
        try await book.setGrants(pin.id, GrantSet(rules))
        return await status(of: try book.find(pin.id.text))
    }

    /// At a worker, whomever its parent knows: this node does not ask them by itself.
    private func hearsay(_ pin: PinnedPeer, _ known: [PeerID: PeerStatus]) -> PeerStatus {
        var status = status(of: pin, nil)
        let isParent = pin.name.parent == nil && known[pin.id] == nil
        status.status = known[pin.id]?.status ?? (isParent && !known.isEmpty ? .online : .offline)
        status.lastSeen = known[pin.id]?.lastSeen
        status.latency = known[pin.id]?.latency
        return status
    }

    /// One of those, after asking it.
    private func status(of pin: PinnedPeer, after greeting: Greeting) -> PeerStatus {
        var status = status(of: pin, nil)
        status.status = .offline
        if case .answered(_, let address, let latency) = greeting {
            (status.status, status.address, status.lastSeen) = (.online, address, now())
            status.latency = Double(seconds: latency) * 1000
        }
        return status
    }

    /// Whether a paired peer can be reached, as far as is known.
    func presence(of name: String) async throws -> PeerStatus.State {
        await status(of: try book.find(name)).status
    }

    /// What is known of a paired peer now.
    func status(of pin: PinnedPeer) async -> PeerStatus {
        await status(of: pin, roster.snapshot().first { $0.id == pin.id })
    }

    private func status(of pin: PinnedPeer, _ presence: Presence?) -> PeerStatus {
        var status = PeerStatus(
            id: pin.id, name: pin.name, status: pin.state == .active ? Self.state(presence?.state) : .pending,
            address: presence?.state.onlineAddress ?? presence?.addresses.first ?? pin.addresses.first,
            lastSeen: presence?.lastSeen.map { now().addingTimeInterval(-Double(seconds: ContinuousClock.now - $0)) }
                ?? seen.last(pin.id),
            latency: Self.latency(presence?.state).map { Double(seconds: $0) * 1000 }, grants: pin.grants)
        status.worker = pin.name.parent
        return status
    }

    private static func state(_ state: PresenceState?) -> PeerStatus.State {
        switch state {
        case .online: .online
        case .connecting, nil: .connecting
        case .offline, .unpaired: .offline
        }
    }

    private static func latency(_ state: PresenceState?) -> Duration? {
        if case .online(_, _, let latency) = state { latency } else { nil }
    }
}

extension ListPeers.Reply {
    /// Without what is different at every look.
    fileprivate var withoutMeasures: ListPeers.Reply {
        var reply = self
        for index in reply.peers.indices { (reply.peers[index].lastSeen, reply.peers[index].latency) = (nil, nil) }
        return reply
    }
}

extension Double {
    /// A duration in seconds.
    init(seconds duration: Duration) {
        self = duration / .seconds(1)
    }
}
