public import KithAPI

extension Roster {
    /// Where to dial the peer now: where it is online, or else the best candidate; nil if there is none.
    public func address(for id: PeerID) -> Address? { candidates(for: id).first }

    /// Where the peer may be, the best first; at most ``RosterPolicy/candidateLimit``.
    public func candidates(for id: PeerID) -> [Address] { members[id]?.presence.addresses ?? [] }

    /// What is known about one node, paired or only announced; nil if nothing is.
    public func presence(of id: PeerID) -> Presence? {
        let sightings = book.sightings(of: id)
        guard let member = members[id] else { return Self.unpaired(id, sightings) }
        return Presence(
            id: id, name: member.peer.name, state: member.presence.state, lastSeen: member.presence.lastSeen,
            addresses: member.presence.addresses, advert: sightings.first?.advert)
    }

    /// Everyone: paired peers, and nodes that are announced and not paired; by name.
    public func snapshot() -> [Presence] {
        book.ids.union(members.keys).compactMap(presence)
            .sorted { ($0.name.text, $0.id.text) < ($1.name.text, $1.id.text) }
    }

    /// What is announced on the network now, newest first; at most ``RosterPolicy/sightingLimit``.
    public func sightings() -> [Sighting] { book.sightings }

    /// News from now on; take them before a ``snapshot()`` and nothing is missed. At most
    /// ``RosterPolicy/changeLimit`` wait, the newest are kept. Ends with the roster.
    public func changes() -> AsyncStream<RosterChange> {
        let (stream, reader) = AsyncStream.makeStream(
            of: RosterChange.self, bufferingPolicy: .bufferingNewest(RosterPolicy.changeLimit))
        let number = nextReader
        nextReader += 1
        readers[number] = reader
        reader.onTermination = { [weak self] _ in
            Task { await self?.dismiss(number) }
        }
        return stream
    }

    /// Waits until the peer is online, and asks it at once; gives where it is.
    /// - Throws: `peer.unknown` if it is not paired, `peer.offline` if it did not answer in time.
    @discardableResult
    public func waitUntilOnline(_ id: PeerID, atMost limit: Duration) async throws -> Address {
        guard let member = members[id] else {
            throw KithError(.peerUnknown, "This node is not paired.", hint: "Pair with it first.")
        }
        if let address = member.presence.state.onlineAddress { return address }
        let changes = changes()
        feed(.wanted, to: id)
        guard let address = try await Self.firstOnline(id, in: changes, atMost: limit) else {
            try Task.checkCancellation()
            throw KithError(
                .peerOffline, "\(member.peer.name) is offline.", hint: "Is the machine on, and Kith running there?")
        }
        return address
    }

    /// Tells all readers what is known now about this node.
    /// Something besides its presence has changed about a peer: whoever follows ``changes()`` looks again.
    public func noteChanged(_ id: PeerID) { announceChange(of: id) }

    func announceChange(of id: PeerID) {
        guard !readers.isEmpty else { return }
        let change = presence(of: id).map { RosterChange.changed($0) } ?? .gone(id)
        for reader in readers.values { reader.yield(change) }
    }

    private func dismiss(_ reader: Int) { readers[reader] = nil }

    private static func unpaired(_ id: PeerID, _ sightings: [Sighting]) -> Presence? {
        guard let newest = sightings.first else { return nil }
        var addresses: [Address] = []
        for sighting in sightings where !addresses.contains(sighting.address) { addresses.append(sighting.address) }
        return Presence(
            id: id, name: newest.advert.name, state: .unpaired, lastSeen: nil,
            addresses: Array(addresses.prefix(RosterPolicy.candidateLimit)), advert: newest.advert)
    }

    private static func firstOnline(
        _ id: PeerID, in changes: AsyncStream<RosterChange>, atMost limit: Duration
    ) async throws -> Address? {
        try await withThrowingTaskGroup(of: Address?.self) { group in
            group.addTask {
                for await case .changed(let presence) in changes where presence.id == id {
                    if let address = presence.state.onlineAddress { return address }
                }
                return nil
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
