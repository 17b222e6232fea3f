import KithAPI
import Testing

@testable import KithTrust

struct InviteBookTests {
    private let paired = PairingEnd(outcome: .paired(isConfirmed: true), spendsInvite: true)
    private let mismatch = PairingEnd(outcome: .failed(.mismatch, byPeer: false), spendsInvite: true)
    private let wrongCode = PairingEnd(outcome: .failed(.codeWrong, byPeer: false), spendsInvite: false)
    private let violation = PairingEnd(outcome: .failed(.protocolViolation, byPeer: false), spendsInvite: false)

    private func opened(_ mode: PairingMode = .sixDigits, lifetime: Duration? = nil) throws -> (InviteBook, Invite) {
        var book = InviteBook()
        let invite = try book.open(InviteTerms(Cast.proof(mode), lifetime: lifetime), now: .zero)
        return (book, invite)
    }

    @Test func `without an invite the door is closed`() {
        #expect(InviteBook().current(now: .zero) == nil)
    }

    @Test func `only one invite is open at a time`() throws {
        var (book, _) = try opened()

        let error = #expect(throws: KithError.self) {
            try book.open(InviteTerms(Cast.proof(.secret)), now: .seconds(1))
        }

        #expect(error?.code == .pairingBusy)
    }

    @Test(arguments: [(PairingMode.sixDigits, 300), (.secret, 600)])
    func `an invite ends by itself`(mode: PairingMode, seconds: Int) throws {
        var (book, invite) = try opened(mode)

        #expect(book.current(now: .seconds(seconds - 1))?.number == invite.number)
        #expect(book.current(now: .seconds(seconds)) == nil)
        #expect(book.claim(invite.number, now: .seconds(seconds)) == .closed)
        #expect(book.history.map(\.reason) == [.expired])
    }

    @Test(arguments: [(PairingMode.sixDigits, 301), (.secret, 86_401), (.secret, 0)])
    func `an invite cannot stay open for longer than its kind allows`(mode: PairingMode, seconds: Int) throws {
        var book = InviteBook()

        let error = #expect(throws: KithError.self) {
            try book.open(InviteTerms(Cast.proof(mode), lifetime: .seconds(seconds)), now: .zero)
        }

        #expect(error?.code == .requestInvalid)
    }

    @Test func `of fifty joiners one is served`() throws {
        var (book, invite) = try opened()

        let claims = (0..<50).map { _ in book.claim(invite.number, now: .seconds(1)) }

        #expect(claims == [.granted] + Array(repeating: .busy, count: 49))
    }

    @Test func `an invite succeeds once`() throws {
        var (book, invite) = try opened()
        _ = book.claim(invite.number, now: .zero)

        book.settle(invite.number, paired, now: .seconds(5))

        #expect(book.current(now: .seconds(6)) == nil)
        #expect(book.history == [SpentInvite(number: 1, mode: .sixDigits, at: .seconds(5), reason: .paired)])
    }

    @Test func `digits shown for nothing burn the invite, with the reason`() throws {
        var (book, invite) = try opened()
        _ = book.claim(invite.number, now: .zero)

        book.settle(invite.number, mismatch, now: .seconds(5))

        #expect(book.claim(invite.number, now: .seconds(6)) == .closed)
        #expect(book.history.map(\.reason) == [.burnt(.mismatch)])
    }

    @Test func `a session that showed nothing gives the invite back`() throws {
        var (book, invite) = try opened()
        _ = book.claim(invite.number, now: .zero)

        book.settle(invite.number, violation, now: .zero)

        #expect(book.claim(invite.number, now: .zero) == .granted)
    }

    @Test func `wrong codes make the invite pause for 1, 2, 4 and 8 seconds, then burn it`() throws {
        var (book, invite) = try opened()
        var now = Duration.zero
        for pause in [1, 2, 4, 8] {
            #expect(book.claim(invite.number, now: now) == .granted)
            book.settle(invite.number, wrongCode, now: now)
            #expect(book.claim(invite.number, now: now + .seconds(pause) - .milliseconds(1)) == .busy)
            now += .seconds(pause)
        }
        #expect(book.claim(invite.number, now: now) == .granted)

        book.settle(invite.number, wrongCode, now: now)

        #expect(book.claim(invite.number, now: now + .seconds(60)) == .closed)
        #expect(book.history.map(\.reason) == [.burnt(.codeWrong)])
    }

    @Test func `three burnt codes within a day ask for nine digits, until a day has passed`() throws {
        var book = InviteBook()
        for number in 1...3 {
            let invite = try book.open(InviteTerms(Cast.proof(.sixDigits)), now: .seconds(number))
            #expect(invite.mode == .sixDigits)
            _ = book.claim(invite.number, now: .seconds(number))
            book.settle(invite.number, mismatch, now: .seconds(number))
        }

        let suspicious = try book.open(InviteTerms(Cast.proof(.sixDigits)), now: .seconds(10))
        book.cancel(now: .seconds(11))
        let calm = try book.open(InviteTerms(Cast.proof(.sixDigits)), now: .seconds(86_402))

        #expect(suspicious.mode == .nineDigits)
        #expect(calm.mode == .sixDigits)
    }

    @Test func `wrong codes and secrets do not count as burnt digits`() throws {
        var book = InviteBook()
        for _ in 1...3 {
            let invite = try book.open(InviteTerms(Cast.proof(.secret)), now: .zero)
            _ = book.claim(invite.number, now: .zero)
            book.settle(invite.number, mismatch, now: .zero)
        }

        #expect(!book.isUnderSuspicion(now: .zero))
    }

    @Test func `an invite that was taken back is closed`() throws {
        var (book, invite) = try opened()

        book.cancel(now: .seconds(1))

        #expect(book.claim(invite.number, now: .seconds(1)) == .closed)
        #expect(book.history.map(\.reason) == [.cancelled])
    }

    @Test func `a session that never reports its end does not hold the invite for ever`() throws {
        var (book, invite) = try opened(.secret)
        _ = book.claim(invite.number, now: .zero)

        #expect(book.claim(invite.number, now: .seconds(180)) == .busy)
        #expect(book.claim(invite.number, now: .seconds(181)) == .closed)
        #expect(book.history.map(\.reason) == [.burnt(.timedOut)])
    }

    @Test func `an end that is told twice, or late, changes nothing`() throws {
        var (book, invite) = try opened()
        _ = book.claim(invite.number, now: .zero)
        book.settle(invite.number, wrongCode, now: .zero)

        book.settle(invite.number, paired, now: .zero)
        book.settle(99, paired, now: .zero)

        #expect(book.current(now: .seconds(1))?.number == invite.number)
    }

    @Test func `the history keeps the last sixty-four`() throws {
        var book = InviteBook()
        for second in 0..<100 {
            _ = try book.open(InviteTerms(Cast.proof(.sixDigits)), now: .seconds(second))
            book.cancel(now: .seconds(second))
        }

        #expect(book.history.map(\.number) == Array(37...100))
    }
}
