import FoundationEssentials
import KithAPI
import Synchronization
import Testing

@testable import KithTrust

/// Whom a node trusts because somebody vouches, and above all whom not.
struct VoucherTests {
    private let clock = ManualClock()

    /// A node that is paired with `studio`, which has a worker; `mallory` is a node without any trust.
    private struct Scene {
        let book: TrustBook
        let studio: Identity
        let worker: Identity
        let mallory: Identity
        let now: Date

        func voucher(
            by parent: Identity? = nil, name: String = "build", grants: [Grant]? = nil, at time: Date? = nil
        ) throws -> WorkerVoucher {
            try .signed(
                by: parent ?? studio, for: worker.certificate, name: PeerName(nearest: name), grants: grants,
                now: time ?? now)
        }

        var trusted: [String] { book.peers.filter { $0.source != .pairing }.map(\.name.text) }
    }

    private func withScene(
        grants: [Grant] = [.observe, .exec, .vouch], isActive: Bool = true, _ body: (Scene) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let clock = clock
            let book = try TrustBook(folder: folder + "/trust", now: { clock.now })
            let made = try ["studio", "worker", "mallory"].map {
                try Identity.create(in: "\(folder)/\($0)", name: PeerName(nearest: $0), now: clock.now)
            }
            let place = try #require(Address("192.0.2.7:5484"))
            let pin = NewPin(
                certificate: made[0].certificate, name: PeerName(nearest: "studio"),
                grants: GrantSet(grants.map { GrantRule($0) }), addresses: [place])
            try await book.addPending(pin)
            if isActive { try await book.activate(made[0].id) }
            try await body(Scene(book: book, studio: made[0], worker: made[1], mallory: made[2], now: clock.now))
        }
    }

    // MARK: What counts

    @Test func `a worker that a vouching peer vouches for may do what its parent may, but vouch`() async throws {
        try await withScene { scene in
            var voucher = try scene.voucher()
            voucher.port = 40_000

            scene.book.take([voucher], of: scene.studio.id)

            let pin = try scene.book.find("studio/build")
            #expect(pin.id == scene.worker.id)
            #expect(pin.source == .voucher(of: scene.studio.id))
            #expect(pin.addresses.map(\.description) == ["192.0.2.7:40000"])
            #expect(scene.book.activePeer(pin.id)?.grants == GrantSet([GrantRule(.observe), GrantRule(.exec)]))
        }
    }

    @Test func `a bound in the voucher takes away, and gives nothing that the parent has not`() async throws {
        try await withScene { scene in
            scene.book.take([try scene.voucher(grants: [.exec, .filesRead, .vouch])], of: scene.studio.id)

            #expect(scene.book.activePeer(scene.worker.id)?.grants == GrantSet([GrantRule(.exec)]))
        }
    }

    @Test func `a denial of the parent's holds for its workers`() async throws {
        try await withScene { scene in
            let rules = [GrantRule(.vouch), GrantRule(.exec), GrantRule(.exec, .deny, scope: ["rm"])]
            try await scene.book.setGrants(scene.studio.id, GrantSet(rules))
            scene.book.take([try scene.voucher()], of: scene.studio.id)

            let grants = try #require(scene.book.activePeer(scene.worker.id)?.grants)
            #expect(!grants.allows(.exec, on: "rm", at: scene.now))
            #expect(grants.allows(.exec, on: "git", at: scene.now))
        }
    }

    @Test func `a worker keeps the name below the one that its parent has here`() async throws {
        try await withScene { scene in
            scene.book.take([try scene.voucher()], of: scene.studio.id)
            try await scene.book.rename(scene.studio.id, to: PeerName(nearest: "attic"))

            #expect(scene.trusted == ["attic/build"])
        }
    }

    // MARK: What does not

    @Test func `a voucher with a forged signature is refused`() async throws {
        try await withScene { scene in
            scene.book.take([try scene.voucher(by: scene.mallory)], of: scene.studio.id)

            #expect(scene.trusted.isEmpty)
            #expect(scene.book.activePeer(scene.worker.id) == nil)
        }
    }

    @Test func `a voucher that was changed after it was signed is refused`() async throws {
        try await withScene { scene in
            let sound = try scene.voucher(grants: [.observe])
            var changed = Array(repeating: sound, count: 6)
            changed[0].name = PeerName(nearest: "other")
            changed[1].grants = nil
            changed[2].grants = [.observe, .exec]
            changed[3].expiresAt += 1
            changed[4].issuedAt -= 1
            changed[5].certificate = Data(scene.mallory.certificate.der).base64EncodedString()

            for one in changed {
                scene.book.take([one], of: scene.studio.id)
                #expect(scene.trusted.isEmpty)
            }
            scene.book.take([sound], of: scene.studio.id)
            #expect(scene.trusted == ["studio/build"])
        }
    }

    @Test func `what is no voucher at all is refused`() async throws {
        try await withScene { scene in
            var odd = Array(repeating: try scene.voucher(), count: 4)
            odd[0].certificate = "%%%"
            odd[1].signature = ""
            odd[2].certificate = Data(repeating: 7, count: 9_000).base64EncodedString()
            odd[3].name = PeerName(PeerName(nearest: "b"), of: PeerName(nearest: "a"))

            scene.book.take(odd, of: scene.studio.id)

            #expect(scene.trusted.isEmpty)
        }
    }

    @Test func `a node vouches for itself in vain`() async throws {
        try await withScene { scene in
            let own = try WorkerVoucher.signed(
                by: scene.mallory, for: scene.mallory.certificate, name: PeerName(nearest: "build"), grants: nil,
                now: scene.now)
            scene.book.take([own], of: scene.mallory.id)
            scene.book.take([own], of: scene.studio.id)

            #expect(scene.trusted.isEmpty)
        }
    }

    @Test func `a node that is not paired vouches for nobody`() async throws {
        try await withScene { scene in
            let isTaken = scene.book.take([try scene.voucher(by: scene.mallory)], of: scene.mallory.id)
            #expect(!isTaken)
            #expect(scene.trusted.isEmpty)
        }
    }

    @Test func `a peer whose pairing is not finished vouches for nobody`() async throws {
        try await withScene(isActive: false) { scene in
            let isTaken = scene.book.take([try scene.voucher()], of: scene.studio.id)
            #expect(!isTaken)
            #expect(scene.book.activePeer(scene.worker.id) == nil)
        }
    }

    @Test(arguments: [GrantPreset.mine, .worker, .observer, .standard])
    func `no preset lets a peer vouch`(preset: GrantPreset) async throws {
        try await withScene { scene in
            try await scene.book.setGrants(scene.studio.id, preset.grants)
            scene.book.take([try scene.voucher()], of: scene.studio.id)

            #expect(scene.trusted.isEmpty)
        }
    }

    @Test func `a worker vouches for nobody, whatever its parent may`() async throws {
        try await withScene { scene in
            scene.book.take([try scene.voucher()], of: scene.studio.id)
            let grandchild = try WorkerVoucher.signed(
                by: scene.worker, for: scene.mallory.certificate, name: PeerName(nearest: "x"), grants: nil,
                now: scene.now)

            #expect(!scene.book.take([grandchild], of: scene.worker.id))
            #expect(scene.trusted == ["studio/build"])
        }
    }

    @Test func `a voucher counts from its hour to its end, and never for long`() async throws {
        try await withScene { scene in
            let early = try scene.voucher(at: scene.now + 600)
            scene.book.take([early], of: scene.studio.id)
            #expect(scene.trusted.isEmpty)

            scene.book.take([try scene.voucher()], of: scene.studio.id)
            clock.advance(WorkerVoucher.lifetime - 1)
            #expect(scene.trusted == ["studio/build"])
            clock.advance(1)
            #expect(scene.trusted.isEmpty)
            #expect(scene.book.activePeer(scene.worker.id) == nil)
        }
    }

    // MARK: Taking back

    @Test func `a worker that is left out of the next list is out, and its connections hear of it`() async throws {
        try await withScene { scene in
            let heard = Mutex<[PeerID]>([])
            scene.book.onChange { change in
                guard change.kind != .vouchersChanged else { return }
                heard.withLock { $0.append(change.id) }
            }
            scene.book.take([try scene.voucher()], of: scene.studio.id)
            #expect(scene.book.activePeer(scene.worker.id) != nil)

            scene.book.take([], of: scene.studio.id)

            #expect(scene.book.activePeer(scene.worker.id) == nil)
            #expect(heard.withLock { $0 } == [scene.worker.id])
        }
    }

    @Test func `a parent that loses a grant, its right to vouch, or its pin loses it for its workers`() async throws {
        try await withScene { scene in
            let heard = Mutex<[PeerID]>([])
            scene.book.onChange { change in
                guard change.kind != .vouchersChanged else { return }
                heard.withLock { $0.append(change.id) }
            }
            scene.book.take([try scene.voucher()], of: scene.studio.id)
            #expect(scene.trusted == ["studio/build"])

            try await scene.book.setGrants(scene.studio.id, GrantSet([GrantRule(.observe), GrantRule(.vouch)]))
            #expect(scene.book.activePeer(scene.worker.id)?.grants == GrantSet([GrantRule(.observe)]))
            try await scene.book.setGrants(scene.studio.id, GrantSet([GrantRule(.observe)]))
            #expect(scene.book.activePeer(scene.worker.id) == nil)
            try await scene.book.remove(scene.studio.id)
            #expect(scene.book.activePeer(scene.worker.id) == nil)

            let (studio, worker) = (scene.studio.id, scene.worker.id)
            #expect(heard.withLock { $0.prefix(6) } == [studio, worker, studio, worker, studio, worker])
        }
    }

    @Test func `a worker is not removed alone: its parent is told no longer to vouch, or to stop it`() async throws {
        try await withScene { scene in
            scene.book.take([try scene.voucher()], of: scene.studio.id)

            let error = await #expect(throws: KithError.self) { try await scene.book.remove(scene.worker.id) }

            #expect(
                error
                    == KithError(
                        .conflict, "This node is not paired with studio/build itself.",
                        hint: "To part with all workers of studio: `kith peers grant studio --revoke vouch`. "
                            + "With it alone, at studio: `kith session stop build`."))
            #expect(scene.trusted == ["studio/build"])
            #expect(!scene.book.isTombstoned(scene.worker.id))
        }
    }

    @Test func `a node whose key was removed here is not trusted as somebody's worker`() async throws {
        try await withScene { scene in
            let pin = NewPin(
                certificate: scene.worker.certificate, name: PeerName(nearest: "friend"), grants: GrantSet([]),
                addresses: [])
            try await scene.book.addPending(pin)
            try await scene.book.activate(scene.worker.id)
            try await scene.book.remove(scene.worker.id)

            scene.book.take([try scene.voucher()], of: scene.studio.id)

            #expect(scene.trusted.isEmpty)
            #expect(scene.book.isTombstoned(scene.worker.id))
        }
    }

    // MARK: Who is not there

    private func absence(of name: String, _ scene: Scene) -> KithError? {
        #expect(throws: KithError.self) { try scene.book.find(name) }
    }

    @Test func `a worker of a peer that may not vouch is asked for: the grant is named`() async throws {
        try await withScene(grants: [.observe]) { scene in
            #expect(
                absence(of: "studio/build", scene)
                    == KithError(
                        .peerUnknown, "studio/build is not known here: studio may not vouch for its workers.",
                        hint: "Allow it: `kith peers grant studio --allow vouch`."))
        }
    }

    @Test func `a peer's worker that does not run is not taken for another one`() async throws {
        try await withScene { scene in
            scene.book.take([try scene.voucher(name: "build-1")], of: scene.studio.id)

            #expect(
                absence(of: "studio/build-2", scene)
                    == KithError(
                        .peerUnknown, "studio has no worker build-2 that runs.",
                        hint: "Start it there: `kith session start build-2`. `kith peers` shows those that run."))
            #expect(absence(of: "sutdio", scene)?.hint == "Did you mean studio?")
        }
    }

    @Test(arguments: ["build", "attic/build"])
    func `a worker of this node that is stopped is said to be`(name: String) async throws {
        try await withScene { scene in
            let (certificate, attic) = (scene.mallory.certificate, PeerName(nearest: "attic"))
            scene.book.setHousehold(
                .own(certificate, name: attic, at: nil, resting: [PeerName(nearest: "build")]))

            #expect(
                absence(of: name, scene)
                    == KithError(
                        .peerOffline, "build is stopped.", hint: "Start it: `kith session start build`."))
            #expect(absence(of: "test", scene)?.code == .peerUnknown)
        }
    }

    // MARK: One's own word

    @Test func `a pin of one's own goes before a voucher`() async throws {
        try await withScene { scene in
            let pin = NewPin(
                certificate: scene.worker.certificate, name: PeerName(nearest: "friend"), grants: GrantSet([]),
                addresses: [])
            try await scene.book.addPending(pin)
            try await scene.book.activate(scene.worker.id)

            scene.book.take([try scene.voucher()], of: scene.studio.id)

            #expect(scene.trusted.isEmpty)
            #expect(scene.book.activePeer(scene.worker.id)?.grants == GrantSet([]))
        }
    }

    @Test func `nobody can be called like a worker, and a worker nothing else`() async throws {
        try await withScene { scene in
            scene.book.take([try scene.voucher()], of: scene.studio.id)
            let name = PeerName(PeerName(nearest: "build"), of: PeerName(nearest: "studio"))

            let asWorker = await #expect(throws: KithError.self) {
                try await scene.book.rename(scene.studio.id, to: name)
            }
            #expect(asWorker?.code == .requestInvalid)
            let renamed = await #expect(throws: KithError.self) {
                try await scene.book.rename(scene.worker.id, to: PeerName(nearest: "boss"))
            }
            #expect(renamed?.code == .conflict)
            let granted = await #expect(throws: KithError.self) {
                try await scene.book.setGrants(scene.worker.id, GrantPreset.mine.grants)
            }
            #expect(granted?.code == .conflict)
        }
    }

    // MARK: Households

    @Test func `a worker trusts its parent and its siblings, and its parent's peers as its parent does`() async throws {
        try await withScene { scene in
            try await withTemporaryFolder { folder in
                let clock = clock
                let parents = try TrustBook(folder: folder + "/parent", now: { clock.now })
                try await parents.addPending(
                    NewPin(
                        certificate: scene.mallory.certificate, name: PeerName(nearest: "laptop"),
                        grants: GrantSet([GrantRule(.observe)]), addresses: []))
                try await parents.activate(scene.mallory.id)
                let book = try TrustBook(folder: folder + "/own", now: { clock.now })

                book.setHousehold(
                    try .of(
                        scene.studio.certificate, name: PeerName(nearest: "studio"), at: nil,
                        identityFolder: folder + "/parent"))
                book.take([try scene.voucher()], of: scene.studio.id)

                #expect(book.peers.map(\.name.text) == ["laptop", "studio", "studio/build"])
                #expect(book.pairedPeers.isEmpty)
                #expect(try book.find("build").id == scene.worker.id)
                #expect(book.activePeer(scene.mallory.id)?.grants == GrantSet([GrantRule(.observe)]))
                #expect(book.activePeer(scene.studio.id)?.grants == GrantPreset.mine.grants)

                try await parents.remove(scene.mallory.id)
                book.setHousehold(
                    try .of(
                        scene.studio.certificate, name: PeerName(nearest: "studio"), at: nil,
                        identityFolder: folder + "/parent"))
                #expect(book.activePeer(scene.mallory.id) == nil)
            }
        }
    }
}
