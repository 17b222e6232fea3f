import FoundationEssentials
import Glibc
import KithAPI
import Synchronization
import Testing

@testable import KithTrust

/// A clock that tests move.
final class ManualClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_760_000_000))

    var now: Date { time.withLock { $0 } }
    func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// Certificates that several tests share, made once.
enum Certificates {
    static let all: [Certificate] = (0..<4).compactMap { _ in
        let folder =
            FileManager.default.temporaryDirectory.path + "/kith-trust-"
            + String(UInt64.random(in: .min ... .max), radix: 36)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try? Identity.create(
            in: folder, name: PeerName(nearest: "sample"), now: Date(timeIntervalSince1970: 1_760_000_000)
        ).certificate
    }
}

struct TrustBookTests {
    private let clock = ManualClock()

    private func book(_ folder: String) throws -> TrustBook {
        let clock = clock
        return try TrustBook(folder: folder + "/trust", now: { clock.now })
    }

    private func pin(
        _ index: Int, _ name: String, grants: GrantSet = GrantPreset.standard.grants, at place: String? = nil
    ) throws -> NewPin {
        NewPin(
            certificate: try #require(Certificates.all.dropFirst(index).first), name: PeerName(nearest: name),
            grants: grants,
            addresses: place.flatMap { Address($0) }.map { [$0] } ?? [])
    }

    private func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch { return (error as? KithError)?.code }
    }

    // MARK: Life of a pin

    @Test func `a pending pin gives no rights`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)

            let pin = try await book.addPending(try pin(0, "studio"))

            #expect(book.activePeer(pin.id) == nil)
            #expect(book.isPending(pin.id))
            #expect(book.peers.map(\.name.text) == ["studio"])
        }
    }

    @Test func `an activated pin gives exactly what was granted`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio")).id

            try await book.activate(id)

            #expect(
                book.activePeer(id)
                    == Peer(id: id, name: PeerName(nearest: "studio"), grants: GrantPreset.standard.grants))
            #expect(!book.isPending(id))
        }
    }

    @Test func `a pending pin ends after ten minutes`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio")).id
            clock.advance(599)
            #expect(book.isPending(id))

            clock.advance(1)

            #expect(!book.isPending(id))
            #expect(book.peers.isEmpty)
            #expect(await code { try await book.activate(id) } == .peerUnknown)
        }
    }

    @Test func `a stranger cannot be activated`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)

            #expect(await code { try await book.activate(Cast.mallory) } == .peerUnknown)
        }
    }

    @Test func `everything is there after a restart`() async throws {
        try await withTemporaryFolder { folder in
            let first = try book(folder)
            let grants = GrantSet([
                GrantRule(.exec, scope: ["git"], expiresAt: Date(timeIntervalSince1970: 1_800_000_000)),
                GrantRule(.terminal, .deny),
            ])
            let id = try await first.addPending(try pin(0, "studio", grants: grants, at: "10.0.0.1")).id
            try await first.activate(id)
            try await first.addPending(try pin(1, "laptop"))
            try await first.addPending(try pin(2, "old"))
            try await first.remove(try #require(Certificates.all.dropFirst(2).first).id)

            let second = try book(folder)

            #expect(second.peers == first.peers)
            #expect(second.isTombstoned(try #require(Certificates.all.dropFirst(2).first).id))
            #expect(mode(of: folder + "/trust/trust.json") == 0o600)
        }
    }

    @Test func `dropping takes back a pending pin, never an active one`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio")).id
            try await book.dropPending(id)
            #expect(book.pin(for: id) == nil)
            #expect(!book.isTombstoned(id))

            try await book.addPending(try pin(0, "studio"))
            try await book.activate(id)
            try await book.dropPending(id)

            #expect(book.activePeer(id) != nil)
        }
    }

    @Test func `pairing again with an active peer keeps it active`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio", at: "10.0.0.1")).id
            try await book.activate(id)

            try await book.addPending(try pin(0, "studio", grants: GrantPreset.observer.grants, at: "10.0.0.2"))

            #expect(book.activePeer(id)?.grants == GrantPreset.observer.grants)
            #expect(book.pin(for: id)?.addresses.map(\.host) == ["10.0.0.2", "10.0.0.1"])
        }
    }

    // MARK: Removal

    @Test func `a removed peer leaves a tombstone until it is paired again`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio")).id
            try await book.activate(id)

            try await book.remove(id)

            #expect(book.activePeer(id) == nil)
            #expect(book.isTombstoned(id))
            try await book.addPending(try pin(0, "studio"))
            #expect(book.isTombstoned(id))
            try await book.activate(id)
            #expect(!book.isTombstoned(id))
        }
    }

    @Test func `tombstones are kept for the last 1,024`() throws {
        var content = TrustContent()
        let now = clock.now
        let certificate = try #require(Certificates.all.first)
        for number in 0..<1_100 {
            let id = Cast.id("peer \(number)")
            content.pins[id] = PinnedPeer(
                id: id, name: PeerName(nearest: "p\(number)"), certificate: certificate, grants: GrantSet(),
                addresses: [],
                addedAt: now, state: .active)
            _ = try content.remove(id, at: now)
        }

        #expect(content.tombstones.count == 1_024)
        #expect(content.tombstones.first?.id == Cast.id("peer 76"))
    }

    @Test func `changes are told after they are durable, and only then`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let told = Mutex<[TrustChange.Kind]>([])
            let onDisk = Mutex<[Bool]>([])
            book.onChange { change in
                told.withLock { $0.append(change.kind) }
                let text = String(decoding: fileContents(folder + "/trust/trust.json"), as: UTF8.self)
                onDisk.withLock { $0.append(text.contains(change.id.text)) }
            }
            let id = try await book.addPending(try pin(0, "studio")).id
            try await book.activate(id)
            try await book.setGrants(id, GrantSet())
            try await book.setGrants(id, GrantSet())
            try await book.rename(id, to: PeerName(nearest: "atelier"))
            try await book.remember(address: try #require(Address("10.0.0.9")), for: id)
            try await book.remove(id)

            #expect(told.withLock { $0 } == [.added, .activated, .grantsChanged, .renamed, .addressLearned, .removed])
            #expect(onDisk.withLock { $0 } == Array(repeating: true, count: 6))
        }
    }

    @Test func `a change that cannot be written is not visible`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio")).id
            // A folder in the way of the temporary file fails for every user, root included.
            mkdir(folder + "/trust/trust.json.new", 0o700)

            let failure = await code { try await book.activate(id) }

            #expect(failure == .fileIO)
            #expect(book.activePeer(id) == nil)
        }
    }

    // MARK: Names and identities

    @Test func `a known name with another key is refused loudly`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio")).id
            try await book.activate(id)

            let refusal = await code { try await book.addPending(try pin(1, "studio")) }

            #expect(refusal == .peerIdentityChanged)
            #expect(book.peers.map(\.id) == [id])
            #expect(book.clash(with: Cast.mallory, name: PeerName(nearest: "studio"))?.id == id)
        }
    }

    @Test func `a known address with another key is refused loudly`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            try await book.activate(try await book.addPending(try pin(0, "studio", at: "10.0.0.1")).id)

            #expect(
                await code { try await book.addPending(try pin(1, "other", at: "10.0.0.1")) } == .peerIdentityChanged)
        }
    }

    @Test func `a replaced key keeps its rights until the new one is active`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let old = try await book.addPending(try pin(0, "studio")).id
            try await book.activate(old)

            let new = try await book.addPending(try pin(1, "studio"), ifNameIsTaken: .replace).id
            #expect(book.activePeer(old) != nil)
            #expect(try book.find("studio").id == old)
            try await book.activate(new)

            #expect(book.activePeer(old) == nil)
            #expect(book.isTombstoned(old))
            #expect(book.activePeer(new)?.name.text == "studio")
        }
    }

    @Test func `another machine of the same name is numbered`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            for index in 0..<3 {
                let id = try await book.addPending(try pin(index, "laptop"), ifNameIsTaken: .number).id
                try await book.activate(id)
            }

            #expect(book.peers.map(\.name.text) == ["laptop", "laptop-2", "laptop-3"])
        }
    }

    @Test func `two pending pins of one name are told apart when they become active`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let one = try await book.addPending(try pin(0, "laptop")).id
            let other = try await book.addPending(try pin(1, "laptop")).id
            try await book.activate(one)
            try await book.activate(other)

            #expect(book.activePeer(one)?.name.text == "laptop")
            #expect(book.activePeer(other)?.name.text == "laptop-2")
        }
    }

    @Test func `a name is taken once`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let one = try await book.addPending(try pin(0, "one")).id
            try await book.activate(one)
            let two = try await book.addPending(try pin(1, "two")).id

            #expect(await code { try await book.rename(two, to: PeerName(nearest: "one")) } == .conflict)
        }
    }

    // MARK: Limits

    @Test func `a peer has at most 64 rules and 8 addresses`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio")).id
            let many = GrantSet(Array(repeating: GrantRule(.exec), count: 65))

            #expect(await code { try await book.setGrants(id, many) } == .limited)
            for number in 1...10 {
                try await book.remember(address: try #require(Address("10.0.0.\(number)")), for: id)
            }
            #expect(book.pin(for: id)?.addresses.map(\.host) == (3...10).reversed().map { "10.0.0.\($0)" })
        }
    }

    @Test func `the book holds 1,024 peers`() throws {
        var content = TrustContent()
        let now = clock.now
        let certificate = try #require(Certificates.all.first)
        for number in 0..<1_024 {
            let id = Cast.id("peer \(number)")
            content.pins[id] = PinnedPeer(
                id: id, name: PeerName(nearest: "p\(number)"), certificate: certificate, grants: GrantSet(),
                addresses: [],
                addedAt: now, state: .active)
        }

        let error = #expect(throws: KithError.self) { try content.add(try pin(1, "one-more"), .refuse, at: now) }

        #expect(error?.code == .limited)
    }

    @Test func `fifty changes at once are all kept`() async throws {
        try await withTemporaryFolder { folder in
            let book = try book(folder)
            let id = try await book.addPending(try pin(0, "studio")).id
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask { try await book.setGrants(id, GrantSet([GrantRule(.exec, scope: ["p\(number)"])])) }
                    group.addTask { _ = book.activePeer(id) }
                }
                try await group.waitForAll()
            }

            #expect(try self.book(folder).peers == book.peers)
        }
    }
}
