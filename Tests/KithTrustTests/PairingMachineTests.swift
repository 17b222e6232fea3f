import KithAPI
import Testing

@testable import KithTrust

struct PairingMachineTests {
    @Test(arguments: PairingMode.allCases, PairingSuite.allCases)
    func `two honest sides are paired`(mode: PairingMode, suite: PairingSuite) {
        var duet = Cast.duet(mode, suite: suite)

        duet.run()

        #expect(duet.pins == [.inviter: .active, .joiner: .active])
        #expect(duet.ends[.inviter] == PairingEnd(outcome: .paired(isConfirmed: true), spendsInvite: true))
        #expect(duet.ends[.joiner] == PairingEnd(outcome: .paired(isConfirmed: true), spendsInvite: true))
    }

    @Test func `each person sees the other's name, id and wishes`() {
        var duet = Cast.duet()

        duet.run()

        #expect(duet.asked == [.inviter: Cast.meta(Cast.laptop, "laptop"), .joiner: Cast.meta(Cast.studio, "studio")])
    }

    @Test(arguments: [(PairingMode.sixDigits, 7), (.nineDigits, 11)])
    func `the code has as many digits as the mode says`(mode: PairingMode, letters: Int) {
        var duet = Cast.duet(mode)

        duet.run()

        #expect(duet.shown?.text.count == letters)
    }

    @Test func `nobody is asked when a secret speaks`() {
        var duet = Cast.duet(.secret)

        duet.run()

        #expect(duet.asked.isEmpty)
        #expect(duet.shown == nil)
    }

    @Test(arguments: [Duet.Answer.yes, .yesAfterInviter])
    func `the two approvals may come in either order`(answer: Duet.Answer) {
        var duet = Cast.duet()
        duet.answer = answer

        duet.run()

        #expect(duet.pins == [.inviter: .active, .joiner: .active])
    }

    @Test func `bytes may come one at a time`() {
        var duet = Cast.duet()
        duet.tamper = { $1.map { [$0] } }

        duet.run()

        #expect(duet.pins == [.inviter: .active, .joiner: .active])
    }

    @Test func `wrong digits burn the invite and leave no pin on either side`() {
        var duet = Cast.duet()
        duet.typing = .text("000 000")

        duet.run()

        #expect(duet.pins.isEmpty)
        #expect(duet.ends[.inviter] == PairingEnd(outcome: .failed(.mismatch, byPeer: false), spendsInvite: true))
        #expect(duet.ends[.joiner] == PairingEnd(outcome: .failed(.mismatch, byPeer: true), spendsInvite: true))
    }

    @Test func `something that is not six digits is asked for again`() {
        var machine = reachedDigits()

        let actions = machine.receive(.typed("12345"))

        #expect(actions == [.askForDigits(Cast.meta(Cast.laptop, "laptop"), count: 6)])
    }

    @Test func `an approval without digits is nothing to the inviter`() {
        var machine = reachedDigits()

        #expect(machine.receive(.approved).isEmpty)
    }

    @Test func `the joiner's no leaves no pin on either side`() {
        var duet = Cast.duet()
        duet.answer = .no

        duet.run()

        #expect(duet.pins.isEmpty)
        #expect(duet.ends[.inviter]?.outcome == .failed(.refused, byPeer: true))
    }

    @Test func `the inviter's no takes the joiner's pending pin back`() {
        var duet = Cast.duet()
        duet.typing = .refuses

        duet.run()

        #expect(duet.pins.isEmpty)
        #expect(duet.pinHistory[.joiner] == [.store, .drop])
        #expect(duet.ends[.inviter] == PairingEnd(outcome: .failed(.refused, byPeer: false), spendsInvite: true))
    }

    @Test(arguments: [(InviteClaim.busy, PairingAbort.busy), (.closed, .closed)])
    func `a session without the invite is sent away before anything is shown`(claim: InviteClaim, reason: PairingAbort)
    {
        var duet = Cast.duet()
        duet.claim = claim

        duet.run()

        #expect(duet.asked.isEmpty)
        #expect(duet.ends[.joiner] == PairingEnd(outcome: .failed(reason, byPeer: true), spendsInvite: false))
    }

    @Test func `a wrong code reaches no person at the inviter`() throws {
        let wrong = PairingTicket(code: try #require(InviteCode("0000-0000")))
        var duet = Duet(Cast.inviter(), Cast.joiner(wrong))

        duet.run()

        #expect(duet.asked[.inviter] == nil)
        #expect(duet.ends[.inviter] == PairingEnd(outcome: .failed(.codeWrong, byPeer: false), spendsInvite: false))
        #expect(duet.pins.isEmpty)
    }

    @Test(arguments: [(PairingMode.sixDigits, PairingMode.secret), (.secret, .sixDigits), (.secret, .nineDigits)])
    func `neither side lets the other choose the mode`(ticket: PairingMode, invite: PairingMode) {
        var duet = Duet(Cast.inviter(invite), Cast.joiner(Cast.ticket(ticket)))

        duet.run()

        #expect(duet.ends[.inviter]?.outcome == .failed(.modeRefused, byPeer: false))
        #expect(duet.pins.isEmpty)
    }

    @Test func `a pair string refuses every inviter but its own`() {
        var machine = Cast.joiner(Cast.ticket(.secret, inviter: Cast.studio), peer: Cast.mallory)

        let actions = machine.receive(.connected)

        #expect(actions.last == .end(PairingEnd(outcome: .failed(.identityWrong, byPeer: false), spendsInvite: false)))
    }

    @Test func `a machine does not pair with itself`() {
        var inviter = Cast.inviter(peer: Cast.studio)
        var joiner = Cast.joiner(own: Cast.studio)
        let refusal = PairingAction.end(
            PairingEnd(outcome: .failed(.identityWrong, byPeer: false), spendsInvite: false))

        #expect(inviter.receive(.connected).last == refusal)
        #expect(joiner.receive(.connected).last == refusal)
    }

    @Test(arguments: [PairingSuite.x25519, .p256])
    func `a key that gives nothing secret is refused`(suite: PairingSuite) {
        var duet = Cast.duet(suite: suite)
        duet.tamper = { side, frame in
            side == .inviter
                ? [
                    Tampering.edit(frame, suite) {
                        $0.offer { $0.publicKey = [4] + .init(repeating: 0, count: suite.publicKeyBytes - 1) }
                    }
                ] : [frame]
        }
        if suite == .x25519 {
            duet.tamper = { side, frame in
                side == .inviter
                    ? [Tampering.edit(frame, suite) { $0.offer { $0.publicKey = .init(repeating: 0, count: 32) } }]
                    : [frame]
            }
        }

        duet.run()

        #expect(duet.ends[.joiner]?.outcome == .failed(.keyWrong, byPeer: false))
    }

    @Test func `a pin that cannot be stored ends the pairing on both sides`() {
        var machine = reachedDigits()
        _ = machine.receive(.typed(Self.digits))

        let actions = machine.receive(.pinFailed)

        #expect(
            actions.dropFirst() == [
                .dropPin(Cast.laptop),
                .end(PairingEnd(outcome: .failed(.storeFailed, byPeer: false), spendsInvite: true)),
            ])
    }

    @Test func `an ended machine answers nothing more`() {
        var duet = Cast.duet()
        duet.run()

        #expect(duet.inviter.receive(.received([0, 1, 1])).isEmpty)
        #expect(duet.joiner.receive(.disconnected).isEmpty)
    }

    @Test func `a disconnection after our yes keeps the pending pin`() {
        var machine = reachedDigits()
        _ = machine.receive(.typed(Self.digits))
        _ = machine.receive(.pinStored)

        let actions = machine.receive(.disconnected)

        #expect(actions == [.end(PairingEnd(outcome: .failed(.disconnected, byPeer: false), spendsInvite: true))])
    }

    // MARK: Timers

    @Test func `the opening has ten seconds, people have two minutes, the end half a minute`() {
        #expect(PairingTimer.allCases.map(\.duration) == [.seconds(10), .seconds(120), .seconds(30)])
    }

    @Test func `a person who does not answer burns the invite`() {
        var machine = reachedDigits()

        let actions = machine.receive(.timePassed(.human))

        #expect(actions.last == .end(PairingEnd(outcome: .failed(.timedOut, byPeer: false), spendsInvite: true)))
    }

    @Test func `a timer of the past is ignored`() {
        var machine = reachedDigits()

        #expect(machine.receive(.timePassed(.opening)).isEmpty)
    }

    @Test func `a silent joiner is sent away`() {
        var machine = Cast.inviter()
        #expect(machine.receive(.connected) == [.startTimer(.opening)])

        let actions = machine.receive(.timePassed(.opening))

        #expect(actions.last == .end(PairingEnd(outcome: .failed(.timedOut, byPeer: false), spendsInvite: false)))
    }

    @Test func `a peer that falls silent after both said yes does not undo the pin`() {
        var duet = Cast.duet()
        duet.tamper = { side, frame in frame[2] == PairingMessage.Kind.done.rawValue && side == .inviter ? [] : [frame]
        }
        duet.run()
        duet.post(.joiner, .timePassed(.confirming))
        duet.drain()

        #expect(duet.pins[.joiner] == .active)
        #expect(duet.ends[.joiner]?.outcome == .paired(isConfirmed: false))
    }

    // MARK: Parts

    /// An inviter that waits for its person, and the digits that are right.
    private func reachedDigits() -> InviterMachine { Self.waiting.inviter }
    private static let digits = waiting.shown?.text ?? ""
    private static var waiting: Duet {
        var duet = Cast.duet()
        duet.answer = .never
        duet.typing = .nothing
        duet.run()
        return duet
    }
}
