import KithAPI
import Testing

@testable import KithDiscovery

/// Values that tests agree on.
enum Sample {
    static func id(_ number: Int) throws -> PeerID {
        try #require(PeerID(bytes: (0..<32).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 7 }))
    }

    static func advert(
        _ number: Int, name: String = "studio", port: Int = 5484, isPairing: Bool = false
    ) throws -> Advert {
        try #require(
            Advert(name: PeerName(nearest: name), id: id(number), port: port, protocols: 1...1, isPairing: isPairing))
    }

    static func address(_ text: String) throws -> Address { try #require(Address(text)) }

    static func key(_ instance: String, interface: Int = 2) -> Sighting.Key {
        Sighting.Key(instance: instance, interface: interface, isIPv6: false)
    }

    static func sighting(_ number: Int, instance: String, at address: String) throws -> Sighting {
        let address = try Sample.address(address)
        return Sighting(key: key(instance), advert: try advert(number, port: address.port), address: address)
    }
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Runs `work` in the background as long as `body` takes.
func whileRunning(
    _ work: @escaping @Sendable () async throws -> Void, _ body: @escaping @Sendable () async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await work() }
        defer { group.cancelAll() }
        try await body()
    }
}

extension AsyncStream {
    /// The next element, which must come.
    func next() async throws -> Element { try #require(await first { _ in true }) }

    /// Skips elements until one fits.
    func next(where condition: (Element) -> Bool) async throws -> Element {
        try #require(await first(where: condition))
    }
}
