import KithAPI
import Testing

@testable import KithTrust

/// Everything that somebody in between, or at the other end, could try.
struct PairingHostileTests {
    /// What the man in the middle exchanges: the identity that TLS shows, or one field of a message.
    enum Swap: String, CaseIterable, Sendable {
        case inviterIdentity, joinerIdentity
        case helloSuite, helloMode, helloSession, commitment
        case offerSuite, offerMode, offerSession, offerKey, offerNonce, offerName, offerAsks, offerPort, offerID
        case openKey, openNonce, openName, openAsks, openPort, openID, codeMAC

        /// What the inviter says of it; the code's proof covers all that the commitment does not.
        var reasons: [PairingEnd.Outcome] {
            switch self {
            case .helloSession, .commitment, .openKey, .openNonce, .openName, .openAsks, .openPort, .openID,
                .joinerIdentity:
                [.failed(.commitmentWrong, byPeer: false)]
            case .helloMode: [.failed(.modeRefused, byPeer: false)]
            case .helloSuite, .offerSuite: [.failed(.modeRefused, byPeer: true)]
            case .offerMode: [.failed(.modeRefused, byPeer: true), .failed(.codeWrong, byPeer: false)]
            case .offerID: [.failed(.identityWrong, byPeer: true)]
            default: [.failed(.codeWrong, byPeer: false)]
            }
        }
    }

    @Test(arguments: Swap.allCases)
    func `a man in the middle who swaps one field never gets a pin on either side`(swap: Swap) {
        for seed in 0..<455 {
            var duet = disturbed(by: swap, seed: UInt64(seed))

            duet.run()

            #expect(duet.pins.isEmpty)
            #expect(duet.asked[.inviter] == nil)
            #expect(duet.ends[.inviter].map { swap.reasons.contains($0.outcome) } == true)
            #expect(duet.ends[.joiner] != nil)
        }
    }

    @Test(arguments: [Duet.Side.inviter, .joiner])
    func `a forged yes gives its receiver no pin`(forger: Duet.Side) {
        for seed in 0..<200 {
            var generator = SeededGenerator(UInt64(seed))
            let bit = Int.random(in: 3..<35, using: &generator)
            var duet = Cast.duet(seed: UInt64(seed))
            duet.tamper = { side, frame in
                guard side == forger, frame[2] == 4 || frame[2] == 5 else { return [frame] }
                var forged = frame
                forged[bit] ^= 1
                return [forged]
            }

            duet.run()

            let receiver: Duet.Side = forger == .inviter ? .joiner : .inviter
            #expect(duet.pins[receiver] == nil)
            #expect(duet.ends[receiver]?.outcome == .failed(.macWrong, byPeer: false))
        }
    }

    @Test func `a man in the middle with keys of his own and the code is caught by the digits`() {
        for seed in 0..<200 {
            let seed = UInt64(seed) * 4
            var toJoiner = Duet(
                Cast.inviter(own: Cast.mallory, peer: Cast.laptop, seed: seed),
                Cast.joiner(own: Cast.laptop, peer: Cast.mallory, seed: seed + 1))
            toJoiner.answer = .never
            toJoiner.typing = .nothing
            toJoiner.run()
            var toInviter = Duet(
                Cast.inviter(own: Cast.studio, peer: Cast.mallory, seed: seed + 2),
                Cast.joiner(own: Cast.mallory, peer: Cast.studio, seed: seed + 3))
            toInviter.typing = .text(toJoiner.shown?.text ?? "")

            toInviter.run()

            #expect(toInviter.ends[.inviter]?.outcome == .failed(.mismatch, byPeer: false))
            #expect(toInviter.pins.isEmpty)
            #expect(toJoiner.pins.isEmpty)
        }
    }

    @Test func `a joiner that commits itself to the id of another is refused`() throws {
        let secrets = Cast.secrets(5)
        let key = try #require(EphemeralKey(.x25519, privateBytes: secrets.privateKey))
        let lie = Cast.meta(Cast.mallory, "laptop")
        let open = PairingOpen(
            publicKey: key.publicBytes, nonce: secrets.nonce, meta: lie, codeMAC: .init(repeating: 0, count: 32))
        var hello = PairingHello(suite: .x25519, mode: .sixDigits, session: secrets.session, commitment: [])
        hello.commitment = PairingTranscript.commitment(of: Cast.laptop, hello: hello, open: open)
        var machine = Cast.inviter()
        _ = machine.receive(.connected)
        _ = machine.receive(.received(PairingFrames.frame(hello.encoded)))
        _ = machine.receive(.claimed(.granted))

        let actions = machine.receive(.received(PairingFrames.frame(open.encoded)))

        #expect(actions.last == .end(PairingEnd(outcome: .failed(.identityWrong, byPeer: false), spendsInvite: false)))
    }

    @Test func `a session that was recorded is of no use in another`() {
        var first = Cast.duet(seed: 1)
        first.run()
        var replay = Cast.inviter(seed: 99)
        _ = replay.receive(.connected)
        _ = replay.receive(.received(first.sent[.joiner]?[0] ?? []))
        _ = replay.receive(.claimed(.granted))

        let actions = replay.receive(.received(first.sent[.joiner]?[1] ?? []))

        #expect(actions.last == .end(PairingEnd(outcome: .failed(.codeWrong, byPeer: false), spendsInvite: false)))
    }

    @Test(arguments: PairingMode.allCases)
    func `whatever is sent back to its sender ends the session`(mode: PairingMode) {
        for number in 0..<3 {
            var duet = Cast.duet(mode)
            var count = 0
            duet.tamper = { side, frame in
                guard side == .inviter else { return [frame] }
                defer { count += 1 }
                return count == number ? [] : [frame]
            }
            duet.run()
            var machine = duet.inviter
            let own = duet.sent[.inviter]?[min(number, (duet.sent[.inviter]?.count ?? 1) - 1)] ?? []

            let actions = machine.receive(.received(own))

            #expect(!actions.contains { if case .activatePin = $0 { true } else { false } })
        }
    }

    @Test func `every message at every wrong moment ends the session`() {
        var whole = Cast.duet()
        whole.run()
        let frames = (whole.sent[.joiner] ?? []) + (whole.sent[.inviter] ?? [])
        for (stage, expected) in zip(0..., [PairingMessage.Kind.hello, .open]) {
            for frame in frames where frame[2] != expected.rawValue {
                var machine = Cast.inviter()
                _ = machine.receive(.connected)
                if stage == 1 {
                    _ = machine.receive(.received(whole.sent[.joiner]?[0] ?? []))
                    _ = machine.receive(.claimed(.granted))
                }

                let actions = machine.receive(.received(frame))

                #expect(
                    actions.last
                        == .end(PairingEnd(outcome: .failed(.protocolViolation, byPeer: false), spendsInvite: false)))
            }
        }
    }

    @Test func `a message that comes twice ends the session`() {
        for kind in [1, 2, 3] as [UInt8] {
            var duet = Cast.duet()
            duet.tamper = { _, frame in frame[2] == kind ? [frame, frame] : [frame] }

            duet.run()

            #expect(!duet.pins.values.contains(.active))
        }
    }

    @Test func `a DONE before both said yes ends the session`() {
        var duet = Cast.duet()
        duet.typing = .nothing
        duet.answer = .never
        duet.run()

        duet.post(
            .inviter, .received(PairingFrames.frame(PairingMessage.done(mac: .init(repeating: 7, count: 32)).encoded)))
        duet.drain()

        #expect(duet.ends[.inviter]?.outcome == .failed(.protocolViolation, byPeer: false))
    }

    @Test func `a byte too many in any message ends the session`() {
        for kind in 1...5 as ClosedRange<UInt8> {
            var duet = Cast.duet()
            duet.tamper = { _, frame in
                frame[2] == kind ? [PairingFrames.frame(Array(frame.dropFirst(2)) + [0])] : [frame]
            }

            duet.run()

            #expect(duet.ends.values.contains { $0.outcome == .failed(.protocolViolation, byPeer: false) })
        }
    }

    @Test func `a channel that breaks at any byte leaves no active pin without both yeses`() {
        var whole = Cast.duet()
        whole.run()
        let total = (whole.sent[.joiner] ?? []).joined().count
        for cut in 0..<total {
            var duet = Cast.duet()
            var passed = 0
            duet.tamper = { side, frame in
                guard side == .joiner else { return [frame] }
                let rest = max(0, min(frame.count, cut - passed))
                passed += frame.count
                return rest == 0 ? [] : [Array(frame.prefix(rest))]
            }
            duet.run()
            duet.post(.inviter, .disconnected)
            duet.post(.joiner, .disconnected)
            duet.drain()

            #expect(duet.ends.count == 2)
            #expect(duet.pins[.inviter] != .active || duet.approvals == [.inviter, .joiner])
        }
    }

    @Test func `every message cut short at every offset is refused`() {
        var whole = Cast.duet()
        whole.run()
        for frame in (whole.sent[.joiner] ?? []) + (whole.sent[.inviter] ?? []) {
            let message = Array(frame.dropFirst(2))
            #expect(PairingMessage(message, suite: .x25519) != nil)
            for count in 0..<message.count {
                #expect(PairingMessage(Array(message.prefix(count)), suite: .x25519) == nil)
            }
        }
    }

    @Test func `ten thousand mutated messages neither crash a machine nor convince it`() {
        var whole = Cast.duet()
        whole.run()
        let hello = whole.sent[.joiner]?[0] ?? []
        let open = whole.sent[.joiner]?[1] ?? []
        let offer = whole.sent[.inviter]?[0] ?? []
        var waiting = Cast.inviter()
        _ = waiting.receive(.connected)
        var opened = waiting
        _ = opened.receive(.received(hello))
        _ = opened.receive(.claimed(.granted))
        var joining = Cast.joiner()
        _ = joining.receive(.connected)
        var generator = SeededGenerator(7)

        for run in 0..<10_000 {
            let frame = [hello, open, offer][run % 3]
            let bytes = Tampering.mutate(frame, using: &generator)
            guard bytes != frame else { continue }
            let actions: [PairingAction]
            switch run % 3 {
            case 0:
                var machine = waiting
                actions = machine.receive(.received(bytes))
            case 1:
                var machine = opened
                actions = machine.receive(.received(bytes))
                #expect(!actions.contains { if case .askForDigits = $0 { true } else { false } })
            default:
                var machine = joining
                actions = machine.receive(.received(bytes))
            }
            #expect(!actions.contains { if case .storePin = $0 { true } else { false } })
        }
    }

    @Test(arguments: [[0, 0], [0x10, 0x01, 1], [0, 1, 9], [0, 1, 0], [0, 1, 1]] as [[UInt8]])
    func `a length or a type out of range ends the session`(bytes: [UInt8]) {
        var machine = Cast.inviter()
        _ = machine.receive(.connected)

        let actions = machine.receive(.received(bytes))

        #expect(
            actions.last == .end(PairingEnd(outcome: .failed(.protocolViolation, byPeer: false), spendsInvite: false)))
    }

    @Test func `a peer that sends more than a session may hold is cut off`() {
        var machine = Cast.inviter()
        _ = machine.receive(.connected)

        let actions = machine.receive(.received(.init(repeating: 0x0F, count: 16_385)))

        #expect(
            actions.last == .end(PairingEnd(outcome: .failed(.protocolViolation, byPeer: false), spendsInvite: false)))
    }

    // MARK: Parts

    private func disturbed(by swap: Swap, seed: UInt64) -> Duet {
        var generator = SeededGenerator(seed &* 1_000_003 &+ 17)
        let bytes = generator.bytes(65)
        let fake = Cast.id("fake \(seed)")
        var duet = Cast.duet(seed: seed)
        switch swap {
        case .inviterIdentity:
            duet.joiner = Cast.joiner(peer: fake, seed: seed * 2 + 2)
            duet.tamper = { side, frame in
                side == .inviter
                    ? [Tampering.edit(frame) { $0.offer { $0.meta = Cast.meta(fake, "studio") } }] : [frame]
            }
        case .joinerIdentity:
            duet.inviter = Cast.inviter(peer: fake, seed: seed * 2 + 1)
            duet.tamper = { side, frame in
                side == .joiner ? [Tampering.edit(frame) { $0.open { $0.meta = Cast.meta(fake, "laptop") } }] : [frame]
            }
        default:
            duet.tamper = { _, frame in [Tampering.edit(frame) { Self.apply(swap, bytes, fake, to: &$0) }] }
        }
        return duet
    }

    private static func apply(_ swap: Swap, _ bytes: [UInt8], _ fake: PeerID, to message: inout PairingMessage) {
        let word = String(bytes[0]), number = Int(bytes[1])
        switch swap {
        case .inviterIdentity, .joinerIdentity: break
        case .helloSuite: message.hello { $0.suite = .p256 }
        case .helloMode: message.hello { $0.mode = bytes[0] < 128 ? .secret : .nineDigits }
        case .helloSession: message.hello { $0.session = Array(bytes.prefix(16)) }
        case .commitment: message.hello { $0.commitment = Array(bytes.prefix(32)) }
        case .offerSuite: message.offer { ($0.suite, $0.publicKey) = (.p256, bytes) }
        case .offerMode: message.offer { $0.mode = bytes[0] < 128 ? .secret : .nineDigits }
        case .offerSession: message.offer { $0.session = Array(bytes.prefix(16)) }
        case .offerKey: message.offer { $0.publicKey = Array(bytes.prefix(32)) }
        case .offerNonce: message.offer { $0.nonce = Array(bytes.prefix(32)) }
        case .offerName: message.offer { $0.meta = Cast.meta($0.meta.id, "name-" + word) }
        case .offerAsks: message.offer { $0.meta = Cast.meta($0.meta.id, "studio", asks: ["exec", "ask." + word]) }
        case .offerPort: message.offer { $0.meta = Cast.meta($0.meta.id, "studio", port: number) }
        case .offerID: message.offer { $0.meta = Cast.meta(fake, "studio") }
        case .openKey: message.open { $0.publicKey = Array(bytes.prefix(32)) }
        case .openNonce: message.open { $0.nonce = Array(bytes.prefix(32)) }
        case .openName: message.open { $0.meta = Cast.meta($0.meta.id, "name-" + word) }
        case .openAsks: message.open { $0.meta = Cast.meta($0.meta.id, "laptop", asks: ["exec", "ask." + word]) }
        case .openPort: message.open { $0.meta = Cast.meta($0.meta.id, "laptop", port: number) }
        case .openID: message.open { $0.meta = Cast.meta(fake, "laptop") }
        case .codeMAC: message.open { $0.codeMAC = Array(bytes.prefix(32)) }
        }
    }
}
