import FoundationEssentials
import KithAPI
import Testing

@testable import KithTrust

struct InviteCodeTests {
    @Test(arguments: ["7K3M-9QXZ", "7k3m9qxz", " 7K3M 9QXZ ", "7-K-3-M-9-Q-X-Z"])
    func `a code is read as people type it`(text: String) {
        #expect(InviteCode(text)?.text == "7K3M-9QXZ")
    }

    @Test func `letters that look like digits are those digits`() {
        #expect(InviteCode("oOiI-lL11")?.text == "0011-1111")
    }

    @Test(arguments: [
        "", "7K3M-9QX", "7K3M-9QXZ0", "7K3M-9QXU", "7K3M_9QXZ", "7K3M-9QXé", String(repeating: "-", count: 99),
    ])
    func `what is not a code is refused`(text: String) {
        #expect(InviteCode(text) == nil)
    }

    @Test func `codes use every letter, and differ`() {
        var generator = SeededGenerator(1)
        let codes = (0..<1_000).map { _ in InviteCode.random(using: &generator).text }

        #expect(Set(codes).count == 1_000)
        #expect(Set(codes.joined()).count == 33)
    }

    @Test func `secrets of every kind do not print themselves`() throws {
        let code = try #require(Cast.code)
        let string = try pairString("studio.local:5484")
        for secret in [code, try #require(Cast.secret), string, Cast.secrets(1), InviteProof.code(code)]
            as [any Sendable]
        {
            var dumped = ""
            dump(secret, to: &dumped)
            let printed = "\(secret)" + String(reflecting: secret) + dumped
            #expect(!printed.contains("7K3M"))
            #expect(!printed.contains("0123456789"))
            #expect(printed.contains("…"))
        }
    }

    // MARK: Pair strings

    private func pairString(_ places: String..., end: Date? = nil) throws -> PairString {
        let secret = try #require(Cast.secret)
        let addresses = places.compactMap { Address($0) }
        return try #require(PairString(inviter: Cast.studio, secret: secret, addresses: addresses, expiresAt: end))
    }

    @Test func `a pair string says who, with which secret, where and until when`() throws {
        let string = try pairString("studio.local", "[fe80::1]:7000", end: Date(timeIntervalSince1970: 1_800_000_000.7))

        #expect(
            string.text
                == "kith1:\(Cast.studio.text):0123456789ABCDEFGHJKMNPQRS:studio.local:5484,[fe80::1]:7000?e=1800000000")
        #expect(PairString(string.text) == string)
    }

    @Test func `an end may be left out`() throws {
        let string = try pairString("10.0.0.1")

        #expect(PairString(string.text) == string)
        #expect(string.expiresAt == nil)
    }

    @Test(arguments: ["?e=", "?e=-1", "?e=1&e=2", "?x=1", ",", ",/etc"])
    func `what is not a pair string is refused`(tail: String) throws {
        #expect(PairString(try pairString("10.0.0.1").text + tail) == nil)
    }

    @Test func `a pair string cut short anywhere never pairs with somebody else`() throws {
        let text = try pairString("10.0.0.1:5484").text
        for count in 0..<text.count {
            let read = PairString(String(text.prefix(count)))
            #expect(read == nil || read?.inviter == Cast.studio && read?.secret == Cast.secret)
        }
    }

    @Test func `a pair string has at most eight addresses and a length`() throws {
        let many = try (1...9).map { try #require(Address("10.0.0.\($0)")) }
        let secret = try #require(Cast.secret)

        #expect(PairString(inviter: Cast.studio, secret: secret, addresses: many, expiresAt: nil) == nil)
        #expect(PairString(String(repeating: "k", count: 3_000)) == nil)
    }
}
