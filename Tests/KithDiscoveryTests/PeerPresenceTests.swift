import KithAPI
import Testing

@testable import KithDiscovery

/// The policy with a clock that the test moves.
struct PeerPresenceTests {
    @Test func `remembered addresses are all tried at the start`() throws {
        var peer = try Watched()
        let actions = peer.give(.remembered([peer.home, peer.away]))
        #expect(actions == [.probe(peer.home), .probe(peer.away), .check(at: peer.now + .seconds(3))])
        #expect(peer.state == .connecting)
    }

    @Test func `an answer makes the peer online, and it is asked again five seconds later`() throws {
        var peer = try Watched()
        peer.give(.remembered([peer.home]))
        let online = PresenceState.online(at: peer.home, since: peer.now, latency: .milliseconds(2))
        #expect(peer.give(.answer(peer.home)) == [.report(online), .check(at: peer.now + .seconds(5))])
        peer.now += .seconds(5)
        #expect(peer.give(.tick) == [.probe(peer.home), .check(at: peer.now + .seconds(3))])
    }

    @Test func `nothing but an answer makes a peer online`() throws {
        var peer = try Watched()
        peer.give(.remembered([peer.home]))
        peer.give(.sighted(Sample.key("studio"), peer.away))
        peer.give(.probed(peer.home, .refused, latency: .zero))
        #expect(peer.state == .offline(since: peer.now, isRefused: true))
        peer.give(.probed(peer.away, .unreachable, latency: .zero))
        #expect(!peer.state.isOnline)
    }

    @Test func `a peer without any address is offline, and costs no wake-up`() throws {
        var peer = try Watched()
        #expect(peer.give(.remembered([])) == [.report(.offline(since: peer.now, isRefused: false))])
        #expect(peer.presence.wakeAt == nil)
    }

    @Test func `a new sighting is probed at once, whatever the back-off`() throws {
        var peer = try Watched.offline()
        peer.runOffline(for: .seconds(120))
        let actions = peer.give(.sighted(Sample.key("studio"), peer.away))
        #expect(actions.contains(.probe(peer.away)))
    }

    @Test func `an offline peer is tried for ever, from half a second up to thirty`() throws {
        var peer = try Watched.offline()
        let gaps = peer.runOffline(for: .seconds(3_600))
        #expect(Array(gaps.prefix(7)) == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000].map { .milliseconds($0) })
        #expect(gaps.count > 110)
        #expect(gaps.allSatisfy { $0 <= .seconds(30) })
    }

    @Test func `jitter takes up to a quarter off`() {
        let backoff = RosterPolicy().backoff
        #expect(backoff.delay(after: 0, jitter: 1) == .milliseconds(375))
        #expect(backoff.delay(after: 1_000_000, jitter: 0) == .seconds(30))
        #expect(backoff.delay(after: 9, jitter: 7) == .seconds(22.5))
    }

    @Test func `a peer that goes silent is offline within fifteen seconds`() throws {
        var peer = try Watched.online()
        let silence = peer.now
        while peer.state.isOnline {
            // The roster may wake as late as its gap allows.
            peer.now = try #require(peer.presence.wakeAt) + RosterPolicy().wakeGap
            peer.give(.tick)
        }
        #expect(peer.now - silence <= .seconds(15))
    }

    @Test func `one lost probe does not make a peer offline`() throws {
        var peer = try Watched.online()
        peer.now += .seconds(5)
        peer.give(.tick)
        #expect(peer.give(.probed(peer.home, .unreachable, latency: .zero)).contains(.probe(peer.home)))
        #expect(peer.state.isOnline)
        peer.give(.answer(peer.home))
        peer.now += .seconds(5)
        peer.give(.tick)
        peer.give(.probed(peer.home, .unreachable, latency: .zero))
        #expect(peer.state.isOnline)
    }

    @Test func `after a goodbye one failure is enough`() throws {
        var peer = try Watched.online()
        #expect(peer.give(.lost(Sample.key("studio"))).contains(.probe(peer.home)))
        #expect(peer.state.isOnline)
        let actions = peer.give(.probed(peer.home, .unreachable, latency: .zero))
        #expect(actions.contains(.report(.offline(since: peer.now, isRefused: false))))
    }

    @Test func `a forged goodbye only costs a probe`() throws {
        var peer = try Watched.online()
        peer.give(.lost(Sample.key("studio")))
        #expect(!peer.give(.answer(peer.home)).contains { if case .report = $0 { true } else { false } })
        #expect(peer.state.isOnline)
        #expect(peer.give(.lost(Sample.key("never seen"))) == [])
    }

    @Test func `a goodbye on one of two ways to the same address is no goodbye`() throws {
        var peer = try Watched.online()
        peer.give(.sighted(Sample.key("studio", interface: 3), peer.home))
        #expect(peer.give(.lost(Sample.key("studio"))) == [])
    }

    @Test func `a changed address is followed as soon as it answers`() throws {
        var peer = try Watched.online()
        #expect(peer.give(.sighted(Sample.key("studio"), peer.away)).contains(.probe(peer.away)))
        #expect(peer.state.onlineAddress == peer.home)
        peer.give(.answer(peer.away))
        #expect(peer.state.onlineAddress == peer.away)
        #expect(peer.presence.addresses == [peer.away])
    }

    @Test func `a second way to a peer that answers changes nothing`() throws {
        var peer = try Watched.online()
        peer.give(.sighted(Sample.key("studio", interface: 3), peer.away))
        #expect(peer.give(.answer(peer.away)) == [.check(at: peer.now + .seconds(5))])
        #expect(peer.state.onlineAddress == peer.home)
        #expect(peer.presence.addresses == [peer.home, peer.away])
    }

    @Test func `when the address in use fails another one takes over without going offline`() throws {
        var peer = try Watched.online()
        peer.give(.sighted(Sample.key("studio", interface: 3), peer.away))
        peer.give(.answer(peer.away))
        peer.now += .seconds(5)
        peer.give(.tick)
        #expect(peer.give(.probed(peer.home, .unreachable, latency: .zero)).contains(.probe(peer.away)))
        peer.give(.answer(peer.away))
        #expect(peer.state.onlineAddress == peer.away)
    }

    @Test func `an announced address is preferred to a remembered one`() throws {
        var peer = try Watched()
        peer.give(.remembered([peer.away]))
        peer.give(.answer(peer.away))
        peer.give(.sighted(Sample.key("studio"), peer.home))
        peer.give(.answer(peer.home))
        #expect(peer.state.onlineAddress == peer.home)
    }

    @Test func `a failed request asks at once, and together with a failed probe it counts`() throws {
        var peer = try Watched.online()
        #expect(peer.give(.failed).contains(.probe(peer.home)))
        peer.give(.probed(peer.home, .unreachable, latency: .zero))
        #expect(!peer.state.isOnline)
        #expect(peer.give(.failed) == [])
    }

    @Test func `an answered request is as good as a probe`() throws {
        var peer = try Watched.offline()
        peer.give(.answered(peer.away))
        #expect(peer.state == .online(at: peer.away, since: peer.now, latency: nil))
        peer.now += .seconds(4)
        peer.give(.answered(peer.away))
        #expect(peer.presence.wakeAt == peer.now + .seconds(5))
        #expect(peer.presence.lastSeen == peer.now)
    }

    @Test func `somebody who waits makes an offline peer be asked at once`() throws {
        var peer = try Watched.offline()
        peer.runOffline(for: .seconds(120))
        #expect(peer.give(.wanted).contains(.probe(peer.home)))
    }

    @Test func `a late failure of a probe that was given up does not count again`() throws {
        var peer = try Watched.online()
        peer.now += .seconds(5)
        peer.give(.tick)
        peer.now += .seconds(3)
        peer.give(.tick)
        peer.give(.answer(peer.home))
        #expect(peer.give(.probed(peer.home, .unreachable, latency: .zero)) == [])
        #expect(peer.state.isOnline)
    }

    @Test func `forged adverts take neither the known address nor more than eight places`() throws {
        var peer = try Watched()
        peer.give(.remembered([peer.home]))
        for number in 1...1_000 {
            peer.give(.sighted(Sample.key("rogue \(number)"), try Sample.address("203.0.113.\(number % 250):5484")))
        }
        #expect(peer.presence.addresses.count == RosterPolicy.candidateLimit)
        #expect(peer.presence.addresses.contains(peer.home))
    }

    @Test func `forged adverts cause few probes, and a verdict does not wait for them`() throws {
        var peer = try Watched.online()
        var probes = 0
        for number in 1...1_000 {
            let address = try Sample.address("203.0.113.\(number % 250):5484")
            let actions = peer.give(.sighted(Sample.key("rogue \(number)"), address))
            probes += actions.count { if case .probe = $0 { true } else { false } }
        }
        #expect(probes <= RosterPolicy.burstLimit)
        peer.now += .seconds(5)
        peer.give(.tick)
        peer.give(.probed(peer.home, .unreachable, latency: .zero))
        peer.now += .seconds(3)
        peer.give(.tick)
        #expect(!peer.state.isOnline)
    }

    @Test func `10,000 random events break no rule`() throws {
        var random = SeededGenerator(seed: 7)
        var peer = try Watched()
        let addresses = try (1...20).map { try Sample.address("192.0.2.\($0):5484") }
        for _ in 0..<10_000 {
            peer.now += .milliseconds(Int.random(in: 0...2_000, using: &random))
            peer.give(Watched.anyEvent(addresses, using: &random))
            #expect(peer.presence.addresses.count <= RosterPolicy.candidateLimit)
            #expect(peer.underWayCount <= 40)
            let canWait = peer.presence.addresses.isEmpty && !peer.state.isOnline
            #expect(peer.presence.wakeAt != nil || canWait)
        }
    }
}

extension PeerPresence.Event {
    static func answer(_ address: Address) -> Self { .probed(address, .answered, latency: .milliseconds(2)) }
}

/// One peer under test, with its clock.
struct Watched {
    let home: Address
    let away: Address
    var now = ContinuousClock.now
    private(set) var presence = PeerPresence(policy: RosterPolicy())
    private var pending: Set<Address> = []

    init() throws {
        home = try Sample.address("192.0.2.1:5484")
        away = try Sample.address("198.51.100.2:5484")
    }

    /// Online at `home`, where it is announced as `studio`.
    static func online() throws -> Watched {
        var peer = try Watched()
        peer.give(.sighted(Sample.key("studio"), peer.home))
        peer.give(.answer(peer.home))
        return peer
    }

    /// Offline, and remembered at `home`.
    static func offline() throws -> Watched {
        var peer = try Watched()
        peer.give(.remembered([peer.home]))
        peer.give(.probed(peer.home, .unreachable, latency: .zero))
        return peer
    }

    var state: PresenceState { presence.state }
    var underWayCount: Int { pending.count }

    @discardableResult
    mutating func give(_ event: PeerPresence.Event) -> [PeerPresence.Action] {
        if case .probed(let address, _, _) = event { pending.remove(address) }
        let actions = presence.receive(event, now: now)
        for case .probe(let address) in actions { pending.insert(address) }
        return actions
    }

    /// Lets every probe fail at once, and gives the waits between them.
    @discardableResult
    mutating func runOffline(for duration: Duration) -> [Duration] {
        let end = now + duration
        var last = now
        var gaps: [Duration] = []
        while let wake = presence.wakeAt, wake < end {
            now = wake
            guard give(.tick).contains(.probe(home)) else { continue }
            gaps.append(now - last)
            last = now
            give(.probed(home, .unreachable, latency: .zero))
        }
        return gaps
    }

    static func anyEvent(_ addresses: [Address], using random: inout SeededGenerator) -> PeerPresence.Event {
        let address = addresses[Int.random(in: 0..<addresses.count, using: &random)]
        let key = Sample.key("instance \(Int.random(in: 0..<30, using: &random))")
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .remembered(Array(addresses.prefix(Int.random(in: 0..<12, using: &random))))
        case 1: return .sighted(key, address)
        case 2: return .lost(key)
        case 3: return .answer(address)
        case 4: return .probed(address, .unreachable, latency: .zero)
        case 5: return .probed(address, .refused, latency: .zero)
        case 6: return .answered(address)
        case 7: return .failed
        case 8: return .wanted
        default: return .tick
        }
    }
}
