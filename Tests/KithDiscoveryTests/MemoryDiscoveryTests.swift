import KithAPI
import Testing

@testable import KithDiscovery

@Suite(.timeLimit(.minutes(1)))
struct MemoryDiscoveryTests {
    private let network = MemoryNetwork()

    @Test func `two nodes see each other and not themselves`() async throws {
        try await withNodes { left, right in
            let one = try await left.events.next()
            let two = try await right.events.next()
            #expect(try one == .found(Self.seen(2)))
            #expect(try two == .found(Self.seen(1)))
        }
    }

    @Test func `a changed advert is found again and a withdrawn one is lost`() async throws {
        try await withNodes { left, right in
            _ = try await left.events.next()
            let pairing = try Sample.advert(2, port: 7002, isPairing: true)
            await right.announce(pairing)
            let changed = try await left.events.next()
            await right.announce(nil)
            let withdrawn = try await left.events.next()
            #expect(
                try changed == .found(Sighting(key: Self.seen(2).key, advert: pairing, address: Self.seen(2).address)))
            #expect(try withdrawn == .lost(Self.seen(2).key))
        }
    }

    @Test func `a cut node is lost on both sides and found again when it heals`() async throws {
        let network = network
        try await withNodes { left, right in
            _ = try await left.events.next()
            _ = try await right.events.next()
            let id = try Sample.id(2)
            network.cut(id)
            network.heal(id)
            let onLeft = [try await left.events.next(), try await left.events.next()]
            let onRight = [try await right.events.next(), try await right.events.next()]
            #expect(try onLeft == [.lost(Self.seen(2).key), .found(Self.seen(2))])
            #expect(try onRight == [.lost(Self.seen(1).key), .found(Self.seen(1))])
        }
    }

    @Test func `a pulled plug is told to nobody`() async throws {
        let network = network
        try await withNodes { left, right in
            _ = try await left.events.next()
            network.cut(try Sample.id(2), saysGoodbye: false)
            await right.announce(try Sample.advert(2, port: 9_999))
            network.heal(try Sample.id(2))
            let news = try await left.events.next()
            guard case .found(let sighting) = news else { return #expect(Bool(false), "\(news)") }
            #expect(sighting.advert.port == 9_999)
        }
    }

    @Test func `a node that stops is lost, and its events end`() async throws {
        let right = MemoryDiscovery(own: try Sample.id(2), on: network)
        let left = MemoryDiscovery(own: try Sample.id(1), on: network)
        await right.announce(try Sample.advert(2, port: 7002))
        try await whileRunning(left.run) {
            #expect(try await left.events.next() == .available)
            try await whileRunning(right.run) {
                let news = try await left.events.next()
                #expect(try news == .found(Self.seen(2)))
            }
            #expect(try await left.events.next() == .lost(Self.seen(2).key))
            let rest = await right.events.reduce(into: []) { $0.append($1) }
            #expect(rest == [.available])
        }
    }

    private static func seen(_ number: Int) throws -> Sighting {
        let key = Sighting.Key(instance: try Sample.id(number).text, interface: 0, isIPv6: false)
        let port = 7000 + number
        return Sighting(
            key: key, advert: try Sample.advert(number, port: port), address: try Sample.address("127.0.0.1:\(port)"))
    }

    private func withNodes(_ body: @escaping @Sendable (MemoryDiscovery, MemoryDiscovery) async throws -> Void)
        async throws
    {
        let left = MemoryDiscovery(own: try Sample.id(1), on: network)
        let right = MemoryDiscovery(own: try Sample.id(2), on: network)
        await left.announce(try Sample.advert(1, port: 7001))
        await right.announce(try Sample.advert(2, port: 7002))
        try await whileRunning(left.run) {
            _ = try await left.events.next { $0 == .available }
            try await whileRunning(right.run) {
                _ = try await right.events.next { $0 == .available }
                try await body(left, right)
            }
        }
    }
}
