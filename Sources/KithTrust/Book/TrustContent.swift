import FoundationEssentials
import KithAPI

/// What stands in the trust book, and the rules for changing it. Pure; ``TrustBook`` makes it durable.
struct TrustContent: Sendable, Equatable {
    static let maximumPeers = 1_024
    static let maximumTombstones = 1_024
    static let maximumRules = 64
    static let maximumAddresses = 8

    /// The peers by their identity.
    var pins: [PeerID: PinnedPeer] = [:]
    /// The identities that were removed, oldest first.
    var tombstones: [Tombstone] = []

    /// A peer that was removed by the owner.
    struct Tombstone: Sendable, Equatable {
        var id: PeerID
        var at: Date
    }

    /// The pin of `id`, unless it was pending for too long.
    func pin(_ id: PeerID, at now: Date) -> PinnedPeer? {
        pins[id].flatMap { $0.hasExpired(at: now) ? nil : $0 }
    }

    /// Every pin that counts, by name; the id decides between two that share one.
    func peers(at now: Date) -> [PinnedPeer] {
        pins.values.filter { !$0.hasExpired(at: now) }
            .sorted { ($0.name.text, $0.id.text) < ($1.name.text, $1.id.text) }
    }

    /// The other active peer, if any, to whom this name or one of these addresses belongs.
    func clash(with id: PeerID, name: PeerName, addresses: [Address], at now: Date) -> PinnedPeer? {
        let others = peers(at: now).filter { $0.id != id && $0.state == .active }
        return others.first { $0.name == name } ?? others.first { !Set($0.addresses).isDisjoint(with: addresses) }
    }

    /// Stores what the owner agreed to; a peer that is active already stays active, with the new grants.
    mutating func add(_ new: NewPin, _ clash: NameClash, at now: Date) throws(KithError) -> [TrustChange] {
        forgetExpired(at: now)
        try Self.check(new.grants)
        guard pins[new.id] != nil || pins.count < Self.maximumPeers else {
            throw KithError(.limited, "The trust book holds \(Self.maximumPeers) peers.", hint: "Unpair one.")
        }
        let placed = try place(new, clash, at: now)
        let before = pins[new.id]
        let wasActive = before?.state == .active
        let old = (before?.addresses ?? []).filter { !new.addresses.contains($0) }
        pins[new.id] = PinnedPeer(
            id: new.id, name: placed.name, certificate: new.certificate, grants: new.grants,
            addresses: Array((new.addresses + old).prefix(Self.maximumAddresses)), addedAt: now,
            state: wasActive ? .active : .pending(since: now), replaces: placed.replaces)
        guard wasActive else { return [.init(id: new.id, kind: .added)] }
        return settle(new.id, at: now) + [.init(id: new.id, kind: .grantsChanged)]
    }

    /// Gives a pending peer its rights, and takes them from the one that it replaces.
    mutating func activate(_ id: PeerID, at now: Date) throws(KithError) -> [TrustChange] {
        forgetExpired(at: now)
        guard let pin = pins[id] else { throw Self.unknown(id) }
        guard pin.state != .active else { return [] }
        pins[id]?.state = .active
        tombstones.removeAll { $0.id == id }
        return settle(id, at: now) + [.init(id: id, kind: .activated)]
    }

    /// Takes a pending pin back; an active one stays.
    mutating func dropPending(_ id: PeerID) -> [TrustChange] {
        guard let pin = pins[id], pin.state != .active else { return [] }
        pins[id] = nil
        return [.init(id: id, kind: .removed)]
    }

    /// Removes a peer for good.
    mutating func remove(_ id: PeerID, at now: Date) throws(KithError) -> [TrustChange] {
        guard pins[id] != nil else { throw Self.unknown(id) }
        return bury(id, at: now)
    }

    mutating func rename(_ id: PeerID, to name: PeerName, at now: Date) throws(KithError) -> [TrustChange] {
        guard let pin = pin(id, at: now) else { throw Self.unknown(id) }
        guard pin.name != name else { return [] }
        guard clash(with: id, name: name, addresses: [], at: now) == nil else {
            throw KithError(.conflict, "Another peer is called \(name).", hint: "Choose another name.")
        }
        pins[id]?.name = name
        return [.init(id: id, kind: .renamed)]
    }

    mutating func setGrants(_ id: PeerID, _ grants: GrantSet, at now: Date) throws(KithError) -> [TrustChange] {
        try Self.check(grants)
        guard let pin = pin(id, at: now) else { throw Self.unknown(id) }
        guard pin.grants != grants else { return [] }
        pins[id]?.grants = grants
        return [.init(id: id, kind: .grantsChanged)]
    }

    mutating func remember(_ address: Address, for id: PeerID, at now: Date) throws(KithError) -> [TrustChange] {
        guard let pin = pin(id, at: now) else { throw Self.unknown(id) }
        guard pin.addresses.first != address else { return [] }
        let others = pin.addresses.filter { $0 != address }
        pins[id]?.addresses = Array(([address] + others).prefix(Self.maximumAddresses))
        return [.init(id: id, kind: .addressLearned)]
    }

    /// The name that a newcomer gets, and the peer that it replaces.
    private func place(
        _ new: NewPin, _ policy: NameClash, at now: Date
    ) throws(KithError) -> (name: PeerName, replaces: PeerID?) {
        guard let other = clash(with: new.id, name: new.name, addresses: new.addresses, at: now) else {
            return (new.name, nil)
        }
        switch policy {
        case .replace: return (new.name, other.id)
        case .number: return (freeName(like: new.name, for: new.id, at: now), nil)
        case .refuse:
            throw KithError(
                .peerIdentityChanged,
                "\(other.name) is known with another key (\(other.id.short), not \(new.id.short)).",
                hint: "If that machine was set up anew, use --replace; if it is another one, give it another name.")
        }
    }

    private func freeName(like name: PeerName, for id: PeerID, at now: Date) -> PeerName {
        let taken = Set(peers(at: now).filter { $0.id != id }.map(\.name))
        guard taken.contains(name) else { return name }
        let names = (2...Self.maximumPeers + 2).lazy.map { PeerName(nearest: name.text.prefix(58) + "-\($0)") }
        return names.first { !taken.contains($0) } ?? name
    }

    /// Removes the peer that an active one replaces, and makes its name unique.
    private mutating func settle(_ id: PeerID, at now: Date) -> [TrustChange] {
        guard let pin = pins[id] else { return [] }
        let buried = pin.replaces.map { bury($0, at: now) } ?? []
        pins[id]?.replaces = nil
        let taken = pins.values.contains { $0.id != id && $0.state == .active && $0.name == pin.name }
        let name = taken ? freeName(like: pin.name, for: id, at: now) : pin.name
        pins[id]?.name = name
        return buried
    }

    private mutating func bury(_ id: PeerID, at now: Date) -> [TrustChange] {
        guard pins.removeValue(forKey: id) != nil else { return [] }
        tombstone(id, at: now)
        return [.init(id: id, kind: .removed)]
    }

    private mutating func tombstone(_ id: PeerID, at now: Date) {
        tombstones.removeAll { $0.id == id }
        tombstones.append(Tombstone(id: id, at: now))
        tombstones.removeFirst(max(0, tombstones.count - Self.maximumTombstones))
    }

    private mutating func forgetExpired(at now: Date) {
        pins = pins.filter { !$0.value.hasExpired(at: now) }
    }

    private static func check(_ grants: GrantSet) throws(KithError) {
        guard grants.rules.count <= maximumRules else {
            throw KithError(.limited, "A peer can have \(maximumRules) rules.", hint: "Join some of them.")
        }
    }

    private static func unknown(_ id: PeerID) -> KithError {
        KithError(.peerUnknown, "No peer has the id \(id.short).", hint: "See `kith peers`.")
    }
}
