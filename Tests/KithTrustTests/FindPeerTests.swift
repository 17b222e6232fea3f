import FoundationEssentials
import KithAPI
import Testing

@testable import KithTrust

struct FindPeerTests {
    private let now = Date(timeIntervalSince1970: 1_760_000_000)

    private func content(_ names: String...) throws -> TrustContent {
        var content = TrustContent()
        let certificate = try #require(Certificates.all.first)
        for name in names {
            let id = Cast.id(name)
            content.pins[id] = PinnedPeer(
                id: id, name: PeerName(nearest: name), certificate: certificate, grants: GrantSet(), addresses: [],
                addedAt: now,
                state: .active)
        }
        return content
    }

    @Test func `a peer is found by its name, its id and a start of its id`() throws {
        let content = try content("studio", "laptop")

        for text in [
            "studio", Cast.studio.text, Cast.studio.checkedGroups, Cast.studio.short, Cast.studio.short.uppercased(),
        ] {
            #expect(try content.find(text, at: now).id == Cast.studio)
        }
    }

    @Test func `three letters of an id are not enough`() throws {
        let content = try content("studio")

        let error = #expect(throws: KithError.self) { try content.find(String(Cast.studio.text.prefix(3)), at: now) }

        #expect(error?.code == .peerUnknown)
    }

    @Test func `a start that fits two ids is ambiguous`() throws {
        var content = try content("studio")
        var bytes = Cast.studio.bytes
        bytes[31] ^= 1
        let twin = try #require(PeerID(bytes: bytes))
        content.pins[twin] = PinnedPeer(
            id: twin, name: PeerName(nearest: "twin"), certificate: try #require(Certificates.all.first),
            grants: GrantSet(),
            addresses: [], addedAt: now, state: .active)

        let error = #expect(throws: KithError.self) { try content.find(Cast.studio.short, at: now) }

        #expect(error?.code == .peerAmbiguous)
    }

    @Test func `a slip of the finger gets the nearest name`() throws {
        let content = try content("studio", "laptop")

        let error = #expect(throws: KithError.self) { try content.find("sutdio", at: now) }

        #expect(error == KithError(.peerUnknown, "No peer is called sutdio.", hint: "Did you mean studio?"))
    }

    @Test func `a word unlike any name gets no guess, and no control letters back`() throws {
        let content = try content("studio")

        let error = #expect(throws: KithError.self) { try content.find("\u{1B}[31mwhatever", at: now) }

        #expect(error?.message == "No peer is called [31mwhatever.")
        #expect(error?.hint == "See `kith peers`, or pair with `kith pair`.")
    }

    @Test(arguments: ["@workers", "stud*", "studi?"])
    func `a word for several is not taken for a name`(word: String) throws {
        let content = try content("studio")

        let error = #expect(throws: KithError.self) { try content.find(word, at: now) }

        #expect(
            error
                == KithError(
                    .peerUnknown, "`\(word)` is not the name of one peer.",
                    hint: "Name one of `kith peers`. Several at once are for `exec` and `jobs`."))
    }

    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("Studio", "studio", 0), ("sutdio", "studio", 2), ("kitten", "sitting", 3),
    ])
    func `likeness counts single changes`(one: String, other: String, distance: Int) {
        #expect(Likeness.distance(one, other) == distance)
    }
}
