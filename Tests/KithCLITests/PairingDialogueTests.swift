import KithAPI
import Testing

@testable import KithCLI

/// The human step, as a table of news and typed lines.
struct PairingDialogueTests {
    private let studio = PeerName(nearest: "studio")
    private let id = PeerID(bytes: Array(repeating: 1, count: 32))

    private func dialogue(asks: Bool = true, alone: Bool = false) -> PairingDialogue {
        PairingDialogue(hostName: "laptop", asksForGrants: asks, approvesAlone: alone)
    }

    @Test func `the inviter is told what to type on the other side`() {
        var dialogue = dialogue()

        let actions = dialogue.receive(PairingNews(.invited, secret: "7K3M-Q2XD", secondsToLive: 300))

        #expect(
            actions == [
                .say("Waiting for 5 min for one machine. There, type:\n\n    kith pair laptop --code 7K3M-Q2XD\n")
            ])
    }

    @Test func `a secret is handed over alone`() {
        var dialogue = dialogue()

        let actions = dialogue.receive(PairingNews(.invited, secret: "kith1:abc"))

        #expect(actions.last == .hand("kith1:abc"))
    }

    @Test func `the inviter types the digits and says whose machine it is`() {
        var dialogue = dialogue()

        let digits = dialogue.receive(PairingNews(.typeDigits, digitCount: 6, peerName: studio, peerID: id))
        let ownership = dialogue.receive(line: " 123 456 ")
        let end = dialogue.receive(line: "y")

        #expect(digits == [.ask("studio (id aeaqcaib) shows 6 digits. Type them here (nothing refuses): ")])
        #expect(
            ownership == [
                .ask("Is studio (id aeaqcaib) another machine of yours, which may do everything here? [y/N] ")
            ])
        #expect(end == [.send(PairingAnswer(code: "123456", approve: true, preset: .mine))])
    }

    @Test func `another's machine gets what pairing alone gives`() {
        var dialogue = dialogue()
        _ = dialogue.receive(PairingNews(.typeDigits, peerName: studio))
        _ = dialogue.receive(line: "123456")

        #expect(dialogue.receive(line: "") == [.send(PairingAnswer(code: "123456", approve: true, preset: .standard))])
    }

    @Test(arguments: ["12345", "1234567", "12345x", "yes"])
    func `a slip of the finger is asked again, not sent`(typed: String) {
        var dialogue = dialogue()
        _ = dialogue.receive(PairingNews(.typeDigits, peerName: studio))

        let actions = dialogue.receive(line: typed)

        #expect(actions.first == .say("These are not 6 digits."))
        #expect(dialogue.receive(line: nil) == [.say("Refused."), .send(PairingAnswer(approve: false))])
    }

    @Test(arguments: [nil, "", "  "])
    func `no digits are a refusal`(typed: String?) {
        var dialogue = dialogue()
        _ = dialogue.receive(PairingNews(.typeDigits, peerName: studio))

        #expect(dialogue.receive(line: typed) == [.say("Refused."), .send(PairingAnswer(approve: false))])
    }

    @Test func `the joiner sees the digits and agrees`() {
        var dialogue = dialogue(asks: false)

        let shown = dialogue.receive(PairingNews(.showDigits, digits: "123 456", peerName: studio, peerID: id))

        #expect(
            shown == [
                .say("\n    123 456\n\nType these digits on studio (id aeaqcaib)."),
                .ask("Is studio (id aeaqcaib) the machine you mean? [y/N] "),
            ])
        #expect(dialogue.receive(line: "Y") == [.send(PairingAnswer(approve: true))])
    }

    @Test(arguments: [nil, "", "n", "no", "yep", "123456"])
    func `anything but yes refuses`(typed: String?) {
        var dialogue = dialogue()
        _ = dialogue.receive(PairingNews(.showDigits, digits: "123 456", peerName: studio))

        #expect(dialogue.receive(line: typed) == [.say("Refused."), .send(PairingAnswer(approve: false))])
    }

    @Test func `a code is asked for and sent alone`() {
        var dialogue = dialogue()

        #expect(dialogue.receive(PairingNews(.codeWanted)) == [.ask("The code that the other machine shows: ")])
        #expect(dialogue.receive(line: "7K3M-Q2XD") == [.send(PairingAnswer(code: "7K3M-Q2XD"))])
    }

    @Test func `where a secret vouches, nothing is asked`() {
        var dialogue = dialogue(asks: false, alone: true)

        #expect(
            dialogue.receive(PairingNews(.showDigits, digits: "123 456", peerName: studio)) == [
                .send(PairingAnswer(approve: true))
            ])
    }

    @Test func `a secret never types the digits of an inviter`() {
        var dialogue = dialogue(asks: false, alone: true)

        let actions = dialogue.receive(PairingNews(.typeDigits, peerName: studio))

        #expect(actions == [.ask("studio shows 6 digits. Type them here (nothing refuses): ")])
    }

    @Test func `a line that nobody asked for does nothing`() {
        var dialogue = dialogue()

        #expect(dialogue.receive(line: "y") == [])
    }

    @Test func `what the other side says cannot drive the terminal`() {
        var dialogue = dialogue()

        #expect(dialogue.receive(PairingNews(.notice, message: "\u{1b}[2Jhi")) == [.say("\\x1b[2Jhi")])
    }
}
