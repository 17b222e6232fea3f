import KithAPI
import Synchronization
import Testing

@testable import KithDiscovery

@Suite(.timeLimit(.minutes(1)))
struct RosterTests {
    private let world = FakeWorld()

    @Test func `a remembered peer comes online without any discovery`() async throws {
        let roster = try await makeRoster(knowing: ["192.0.2.1:5484"])
        let home = try Sample.address("192.0.2.1:5484")
        world.answers(at: home)
        try await watching(roster) { _ in
            let address = try await roster.waitUntilOnline(Sample.id(1), atMost: .seconds(30))
            #expect(address == home)
            #expect(try await roster.address(for: Sample.id(1)) == home)
            let presence = try #require(try await roster.presence(of: Sample.id(1)))
            #expect(presence.isPaired && presence.state.isOnline && presence.lastSeen != nil)
        }
    }

    @Test func `an advert leads to a paired peer`() async throws {
        let roster = try await makeRoster()
        let seen = try Sample.sighting(1, instance: "studio", at: "192.0.2.7:5484")
        world.answers(at: seen.address)
        try await watching(roster) { news in
            news.yield(.found(seen))
            let address = try await roster.waitUntilOnline(Sample.id(1), atMost: .seconds(30))
            #expect(address == seen.address)
            #expect(try await roster.candidates(for: Sample.id(1)) == [seen.address])
        }
    }

    @Test func `an advert with the identity of a peer, where another key answers, brings nothing`() async throws {
        let roster = try await makeRoster()
        let forged = try Sample.sighting(1, instance: "studio", at: "192.0.2.66:5484")
        world.refuses(at: forged.address)
        let changes = await roster.changes()
        try await watching(roster) { news in
            news.yield(.found(forged))
            _ = try await changes.next { change in
                guard case .changed(let presence) = change, case .offline(_, true) = presence.state else {
                    return false
                }
                return true
            }
            await #expect(throws: KithError.self) {
                try await roster.waitUntilOnline(Sample.id(1), atMost: .milliseconds(50))
            }
        }
    }

    @Test func `a goodbye and silence make a peer offline, and an answer brings it back`() async throws {
        let roster = try await makeRoster()
        let seen = try Sample.sighting(1, instance: "studio", at: "192.0.2.7:5484")
        world.answers(at: seen.address)
        let changes = await roster.changes()
        try await watching(roster) { news in
            news.yield(.found(seen))
            _ = try await changes.next { $0.state?.isOnline == true }
            world.isSilent(at: seen.address)
            news.yield(.lost(seen.key))
            _ = try await changes.next { $0.state?.isOnline == false }
            world.answers(at: seen.address)
            _ = try await changes.next { $0.state?.isOnline == true }
        }
    }

    @Test func `a probe that never returns is given up`() async throws {
        let roster = try await makeRoster(knowing: ["192.0.2.1:5484"])
        world.hangs(at: try Sample.address("192.0.2.1:5484"))
        let changes = await roster.changes()
        try await watching(roster) { _ in
            _ = try await changes.next { if case .offline = $0.state { true } else { false } }
        }
    }

    @Test func `nodes that we did not pair with are shown and never probed`() async throws {
        let roster = try await makeRoster()
        let stranger = try Sample.sighting(9, instance: "attic", at: "192.0.2.9:5484")
        let changes = await roster.changes()
        try await watching(roster) { news in
            news.yield(.found(stranger))
            let change = try await changes.next { $0.state == .unpaired }
            let shown = Presence(
                id: try Sample.id(9), name: PeerName(nearest: "studio"), state: .unpaired, lastSeen: nil,
                addresses: [stranger.address], advert: stranger.advert)
            #expect(change == .changed(shown))
            #expect(await roster.snapshot().contains(shown))
            #expect(await roster.sightings() == [stranger])
            news.yield(.lost(stranger.key))
            #expect(try await changes.next() == .gone(shown.id))
        }
        #expect(world.probed == [])
    }

    @Test func `pairing with a node that is announced asks it at once, and unpairing forgets it`() async throws {
        let roster = Roster(policy: FakeWorld.policy, probe: world.probe)
        let seen = try Sample.sighting(1, instance: "studio", at: "192.0.2.7:5484")
        world.answers(at: seen.address)
        let changes = await roster.changes()
        try await watching(roster) { news in
            news.yield(.found(seen))
            _ = try await changes.next { $0.state == .unpaired }
            await roster.setPeers([try Self.known(1)])
            _ = try await changes.next { $0.state?.isOnline == true }
            await roster.setPeers([])
            _ = try await changes.next { $0.state == .unpaired }
            #expect(try await roster.address(for: Sample.id(1)) == nil)
        }
    }

    @Test func `waiting for an offline peer ends in time, and for a stranger at once`() async throws {
        let roster = try await makeRoster(knowing: ["192.0.2.1:5484"])
        try await watching(roster) { _ in
            let offline = await #expect(throws: KithError.self) {
                try await roster.waitUntilOnline(Sample.id(1), atMost: .milliseconds(50))
            }
            #expect(offline?.code == .peerOffline)
            let unknown = await #expect(throws: KithError.self) {
                try await roster.waitUntilOnline(Sample.id(2), atMost: .seconds(600))
            }
            #expect(unknown?.code == .peerUnknown)
        }
    }

    @Test func `ten thousand adverts leave the book bounded and a paired peer reachable`() async throws {
        let roster = try await makeRoster()
        let seen = try Sample.sighting(1, instance: "studio", at: "192.0.2.7:5484")
        world.answers(at: seen.address)
        try await watching(roster) { news in
            for number in 0..<5_000 {
                news.yield(
                    .found(try Sample.sighting(1_000 + number, instance: "rogue \(number)", at: "203.0.113.1:1")))
                news.yield(.found(try Sample.sighting(1, instance: "liar \(number)", at: "203.0.113.1:\(number + 1)")))
            }
            news.yield(.found(seen))
            #expect(try await roster.waitUntilOnline(Sample.id(1), atMost: .seconds(50)) == seen.address)
            #expect(await roster.sightings().count <= RosterPolicy.sightingLimit)
        }
    }

    @Test func `the roster wakes at most once a second by itself`() async throws {
        let roster = Roster(probe: world.probe)
        let home = try Sample.address("192.0.2.1:5484")
        await roster.setPeers(try (1...50).map { try Self.known($0, at: [home]) })
        let start = ContinuousClock.now
        let probes = world.probes
        try await watching(roster) { _ in _ = await probes.prefix(120).reduce(0) { count, _ in count + 1 } }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        #expect(Double(await roster.wakeCount) <= seconds + 1)
    }

    private func makeRoster(knowing addresses: [String] = []) async throws -> Roster {
        let roster = Roster(policy: FakeWorld.policy, probe: world.probe)
        await roster.setPeers([try Self.known(1, at: addresses.map { try Sample.address($0) })])
        return roster
    }

    private static func known(_ number: Int, at addresses: [Address] = []) throws -> KnownPeer {
        KnownPeer(id: try Sample.id(number), name: PeerName(nearest: "studio"), addresses: addresses)
    }

    private func watching(
        _ roster: Roster,
        _ body: @escaping @Sendable (AsyncStream<DiscoveryEvent>.Continuation) async throws -> Void
    ) async throws {
        let (events, news) = AsyncStream.makeStream(of: DiscoveryEvent.self)
        try await whileRunning({ await roster.run(following: events) }, { try await body(news) })
    }
}

/// Who answers where, changed by the test.
private final class FakeWorld: Sendable {
    private enum Manner { case answers, refuses, hangs }

    /// Every probe, as it begins.
    let probes: AsyncStream<Address>
    private let began: AsyncStream<Address>.Continuation
    private let manners = Mutex<[Address: Manner]>([:])
    private let seen = Mutex<[Address]>([])

    init() { (probes, began) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_024)) }

    /// Everything ten times as fast as the standard.
    static var policy: RosterPolicy {
        var policy = RosterPolicy()
        policy.firstRetry = .milliseconds(50)
        policy.lastRetry = .milliseconds(200)
        policy.recheck = .milliseconds(200)
        policy.probeTimeout = .milliseconds(300)
        policy.wakeGap = .milliseconds(10)
        return policy
    }

    var probed: [Address] { seen.withLock(\.self) }

    var probe: Roster.Probe {
        { _, address in
            self.seen.withLock { $0.append(address) }
            self.began.yield(address)
            switch self.manners.withLock({ $0[address] }) {
            case .answers: return .answered
            case .refuses: return .refused
            case .hangs:
                try? await Task.sleep(for: .seconds(3_600))
                return .unreachable
            case nil: return .unreachable
            }
        }
    }

    func answers(at address: Address) { manners.withLock { $0[address] = .answers } }
    func refuses(at address: Address) { manners.withLock { $0[address] = .refuses } }
    func hangs(at address: Address) { manners.withLock { $0[address] = .hangs } }
    func isSilent(at address: Address) { manners.withLock { $0[address] = nil } }
}

extension RosterChange {
    fileprivate var state: PresenceState? {
        if case .changed(let presence) = self { presence.state } else { nil }
    }
}
