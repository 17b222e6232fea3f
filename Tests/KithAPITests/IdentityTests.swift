import KithAPI
import Testing

struct PeerIDTests {
    private let id = PeerID(bytes: (0..<32).map { UInt8($0 * 7) })

    @Test func `an id survives its text and its checked groups`() throws {
        let id = try #require(id)
        #expect(id.text.count == 52)
        #expect(PeerID(id.text) == id)
        #expect(id.checkedGroups.split(separator: "-").map(\.count) == Array(repeating: 7, count: 8))
        #expect(PeerID(id.checkedGroups.uppercased()) == id)
    }

    @Test func `one wrong letter in the checked groups is noticed`() throws {
        let groups = try #require(id).checkedGroups
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        for (index, letter) in groups.enumerated() where letter != "-" {
            var changed = Array(groups)
            changed[index] = letters[(try #require(letters.firstIndex(of: letter)) + 1) % 32]
            #expect(PeerID(String(changed)) == nil)
        }
    }

    @Test(arguments: [
        "", "abc", String(repeating: "a", count: 51), String(repeating: "1", count: 52),
        String(repeating: "z", count: 52),
    ])
    func `what is not an id is refused`(text: String) {
        #expect(PeerID(text) == nil)
    }
}

struct NameTests {
    @Test(arguments: ["a", "studio", "Studio-2", "a.b_c", String(repeating: "x", count: 63)])
    func `a name may have letters, digits, dots, dashes and underlines`(text: String) {
        #expect(PeerName(text)?.text == text)
    }

    @Test(arguments: ["", "-a", ".a", "a b", "a/b", "../x", "ä", "a\u{1B}[31m", String(repeating: "x", count: 64)])
    func `what could confuse is no name`(text: String) {
        #expect(PeerName(text) == nil)
    }
}

struct AddressTests {
    @Test(arguments: [
        ("studio", "studio:5484"), ("studio:7", "studio:7"), ("192.0.2.1", "192.0.2.1:5484"), ("::1", "[::1]:5484"),
        ("[::1]", "[::1]:5484"), ("[fe80::1%eth0]:99", "[fe80::1%eth0]:99"),
    ])
    func `every usual form is read`(text: String, canonical: String) {
        #expect(Address(text)?.description == canonical)
    }

    @Test(arguments: ["", "a:b", "a:", "a:0", "a:65536", "[::1", "[::1]x", "a b", "a/b", "user@host", "a:-1"])
    func `what is not an address is refused`(text: String) {
        #expect(Address(text) == nil)
    }
}
