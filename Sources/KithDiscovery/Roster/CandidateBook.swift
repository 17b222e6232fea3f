import KithAPI

/// The addresses at which one peer may be, from three sources: seen, proven, remembered.
///
/// Sightings are what anybody on the network can forge, so they never fill all places: what has answered
/// before and what the owner wrote down keep some.
struct CandidateBook: Sendable {
    private static let sightingLimit = 16
    private static let placesKept = 3

    /// Newest first.
    private var sightings: [(key: Sighting.Key, address: Address)] = []
    private var proven: Address?
    private var remembered: [Address] = []

    /// All candidates: seen (link-local last), then proven, then remembered; without repetition.
    var addresses: [Address] {
        let backup = Self.unique([proven].compactMap(\.self) + remembered)
        let seen = Self.unique(
            sightings.map(\.address).filter { !$0.isLinkLocal } + sightings.map(\.address).filter(\.isLinkLocal))
        let kept = min(Self.placesKept, backup.count(where: { !seen.contains($0) }))
        let places = RosterPolicy.candidateLimit
        return Array(Self.unique(Array(seen.prefix(places - kept)) + backup).prefix(places))
    }

    func isSighted(_ address: Address) -> Bool { sightings.contains { $0.address == address } }

    mutating func remember(_ addresses: [Address]) { remembered = Array(addresses.prefix(RosterPolicy.candidateLimit)) }

    mutating func prove(_ address: Address) { proven = address }

    mutating func see(_ key: Sighting.Key, at address: Address) {
        sightings.removeAll { $0.key == key }
        sightings.insert((key, address), at: 0)
        if sightings.count > Self.sightingLimit { sightings.removeLast() }
    }

    /// Where the lost instance was, if it was known.
    mutating func lose(_ key: Sighting.Key) -> Address? {
        guard let index = sightings.firstIndex(where: { $0.key == key }) else { return nil }
        return sightings.remove(at: index).address
    }

    private static func unique(_ addresses: [Address]) -> [Address] {
        var known: Set<Address> = []
        return addresses.filter { known.insert($0).inserted }
    }
}

extension Address {
    /// Whether it is an IPv6 address that needs its interface.
    fileprivate var isLinkLocal: Bool { host.contains("%") }
}
