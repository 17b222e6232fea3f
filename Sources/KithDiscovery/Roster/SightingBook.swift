import KithAPI

/// The adverts that are on the network now, as the ``Roster`` remembers them.
///
/// Strangers can announce as much as they like, under any identity; so one identity holds few places, and
/// paired peers find room when the book is full.
struct SightingBook: Sendable {
    private static let limitPerNode = 16

    private struct Entry {
        let sighting: Sighting
        let number: Int
    }

    private var entries: [Sighting.Key: Entry] = [:]
    /// What each identity announces, oldest first; never more than `limitPerNode`.
    private var keys: [PeerID: [Sighting.Key]] = [:]
    private var nextNumber = 0

    /// Everything, newest first.
    var sightings: [Sighting] { entries.values.sorted { $0.number > $1.number }.map(\.sighting) }

    /// Which identities are announced.
    var ids: Set<PeerID> { Set(keys.keys) }

    subscript(key: Sighting.Key) -> Sighting? { entries[key]?.sighting }

    /// What this identity announces, newest first.
    func sightings(of id: PeerID) -> [Sighting] { (keys[id] ?? []).reversed().compactMap { self[$0] } }

    /// Remembers a sighting, and gives those that had to make room for it; nil if it found none itself.
    /// What stood under the same key before is replaced.
    mutating func add(_ sighting: Sighting, isPaired: (PeerID) -> Bool) -> [Sighting]? {
        let id = sighting.advert.id
        let isReplacing = remove(sighting.key)?.advert.id == id
        var evicted: [Sighting] = []
        if !isReplacing, let crowd = keys[id], crowd.count >= Self.limitPerNode {
            evicted = [remove(crowd[0])].compactMap(\.self)
        } else if entries.count >= RosterPolicy.sightingLimit {
            guard isPaired(id), let stranger = oldest(where: { !isPaired($0) }) else { return nil }
            evicted = [remove(stranger)].compactMap(\.self)
        }
        entries[sighting.key] = Entry(sighting: sighting, number: nextNumber)
        keys[id, default: []].append(sighting.key)
        nextNumber += 1
        return evicted
    }

    /// Forgets an instance, and gives what it was.
    mutating func remove(_ key: Sighting.Key) -> Sighting? {
        guard let entry = entries.removeValue(forKey: key) else { return nil }
        let id = entry.sighting.advert.id
        keys[id]?.removeAll { $0 == key }
        if keys[id]?.isEmpty == true { keys[id] = nil }
        return entry.sighting
    }

    private func oldest(where condition: (PeerID) -> Bool) -> Sighting.Key? {
        entries.values.filter { condition($0.sighting.advert.id) }.min { $0.number < $1.number }?.sighting.key
    }
}
