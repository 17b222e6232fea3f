import KithAPI
import Testing

@testable import KithDiscovery

/// Against a real avahi-daemon; see ``PrivateAvahi``.
@Suite(
    .serialized, .timeLimit(.minutes(1)),
    .enabled(if: PrivateAvahi.isPossible, "needs root, namespaces, avahi-daemon, dbus-daemon and avahi-utils"))
struct AvahiDiscoverySerial {
    @Test func `two nodes find each other soon after starting, and not themselves`() async throws {
        try await PrivateAvahi.with { avahi in
            try await avahi.start()
            let start = ContinuousClock.now
            try await Self.withNodes { left, right in
                let onLeft = try await left.events.nextSighting()
                let onRight = try await right.events.nextSighting()
                // About one second on an idle machine.
                #expect(ContinuousClock.now - start < .seconds(30))
                #expect(try onLeft == Self.seen(2, "right"))
                #expect(try onRight == Self.seen(1, "left"))
            }
        }
    }

    @Test func `an opened pairing window is found under the same key`() async throws {
        try await PrivateAvahi.with { avahi in
            try await avahi.start()
            try await Self.withNodes { left, right in
                let before = try await left.events.nextSighting()
                await right.announce(try Sample.advert(2, name: "right", port: 7002, isPairing: true))
                let after = try await left.events.nextSighting()
                #expect(after.key == before.key)
                #expect(after.advert.isPairing)
            }
        }
    }

    @Test func `a changed port is found`() async throws {
        try await PrivateAvahi.with { avahi in
            try await avahi.start()
            try await Self.withNodes { left, right in
                _ = try await left.events.nextSighting()
                await right.announce(try Sample.advert(2, name: "right", port: 7099))
                let moved = try await left.events.next { $0.sighting?.advert.port == 7099 }
                #expect(try moved.sighting?.address == Sample.address("127.0.0.1:7099"))
            }
        }
    }

    @Test func `a withdrawn advert is lost, and so is that of a node that stops`() async throws {
        try await PrivateAvahi.with { avahi in
            try await avahi.start()
            try await Self.withNodes { left, right in
                let seen = try await left.events.nextSighting()
                await right.announce(nil)
                _ = try await left.events.next { $0 == .lost(seen.key) }
                await right.announce(try Sample.advert(2, name: "right", port: 7002))
                _ = try await left.events.nextSighting()
                let third = AvahiDiscovery(own: try Sample.id(3))
                await third.announce(try Sample.advert(3, name: "third", port: 7003))
                let guest = Mailbox()
                try await whileRunning(third.run) { await guest.put(try await left.events.nextSighting()) }
                let key = try #require(await guest.sighting?.key)
                _ = try await left.events.next { $0 == .lost(key) }
            }
        }
    }

    @Test func `nodes of the same name are both found`() async throws {
        try await PrivateAvahi.with { avahi in
            try await avahi.start()
            try await Self.withNodes(names: ("twin", "twin")) { left, right in
                let onLeft = try await left.events.nextSighting()
                let onRight = try await right.events.nextSighting()
                #expect(try [onLeft.advert.id, onRight.advert.id] == [Sample.id(2), Sample.id(1)])
                #expect(onLeft.advert.name == onRight.advert.name)
                #expect(onLeft.key.instance != onRight.key.instance)
            }
        }
    }

    @Test func `a restarted avahi-daemon is found again at once`() async throws {
        try await PrivateAvahi.with { avahi in
            try await avahi.start()
            try await Self.withNodes { left, right in
                _ = try await left.events.nextSighting()
                try await avahi.restartAvahi()
                let isBack = ContinuousClock.now
                _ = try await left.events.next { if case .unavailable = $0 { true } else { false } }
                _ = try await left.events.next { $0 == .available }
                // No back-off is involved: the session waits on the bus for avahi-daemon.
                #expect(ContinuousClock.now - isBack < .seconds(30))
                #expect(try await left.events.nextSighting().advert.id == Sample.id(2))
            }
        }
    }

    @Test func `a restarted bus is found again`() async throws {
        try await PrivateAvahi.with { avahi in
            try await avahi.start()
            try await Self.withNodes { left, right in
                _ = try await left.events.nextSighting()
                try await avahi.restartBus()
                _ = try await left.events.next { if case .unavailable = $0 { true } else { false } }
                _ = try await left.events.next { $0 == .available }
                #expect(try await left.events.nextSighting().advert.id == Sample.id(2))
            }
        }
    }

    @Test func `without a bus discovery says so, and works as soon as there is one`() async throws {
        try await PrivateAvahi.with { avahi in
            let node = AvahiDiscovery(own: try Sample.id(1))
            try await whileRunning(node.run) {
                #expect(try await node.events.next() == .unavailable(AvahiFailure.busIsMissing))
                try await avahi.start()
                _ = try await node.events.next { $0 == .available }
            }
        }
    }

    @Test func `poisoned records are dropped and do no harm`() async throws {
        try await PrivateAvahi.with { avahi in
            try await avahi.start()
            let id = try Sample.id(1).text
            let name = "\u{1B}[31m" + String(repeating: "x", count: 58)
            try await avahi.publishing(name, port: 1, txt: ["v=1", "id=\(id)", "name=\(name)"]) {
                try await avahi.publishing("bare", port: 1, txt: []) {
                    try await avahi.publishing("mirror", port: 1, txt: ["v=1", "id=\(id)", "name=left"]) {
                        try await Self.withNodes { left, right in
                            // The first of the rogues that is an advert at all is a mirror of left itself.
                            let mirror = try await right.events.next { $0.sighting?.advert.port == 1 }
                            #expect(mirror.sighting?.key.instance == "mirror")
                            #expect(try await left.events.nextSighting().advert.id == Sample.id(2))
                        }
                    }
                }
            }
        }
    }

    private static func seen(_ number: Int, _ name: String) throws -> Sighting {
        Sighting(
            key: Sample.key(name, interface: 1), advert: try Sample.advert(number, name: name, port: 7000 + number),
            address: try Sample.address("127.0.0.1:\(7000 + number)"))
    }

    private static func withNodes(
        names: (String, String) = ("left", "right"),
        _ body: @escaping @Sendable (AvahiDiscovery, AvahiDiscovery) async throws -> Void
    ) async throws {
        let left = AvahiDiscovery(own: try Sample.id(1))
        let right = AvahiDiscovery(own: try Sample.id(2))
        await left.announce(try Sample.advert(1, name: names.0, port: 7001))
        await right.announce(try Sample.advert(2, name: names.1, port: 7002))
        try await whileRunning(left.run) {
            try await whileRunning(right.run) { try await body(left, right) }
        }
    }
}

/// Carries a sighting out of a closure.
private actor Mailbox {
    private(set) var sighting: Sighting?

    func put(_ sighting: Sighting) { self.sighting = sighting }
}

extension DiscoveryEvent {
    fileprivate var sighting: Sighting? {
        if case .found(let sighting) = self { sighting } else { nil }
    }
}

extension AsyncStream<DiscoveryEvent> {
    fileprivate func nextSighting() async throws -> Sighting {
        try #require(try await next { $0.sighting != nil }.sighting)
    }
}
