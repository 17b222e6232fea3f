import KithAPI
import Testing

@testable import KithTrust

struct PairingMetaTests {
    private func read(_ bytes: [UInt8]) -> PairingMeta? {
        var reader = ByteReader(bytes)
        return PairingMeta(from: &reader)
    }

    private func fields(
        id: String = Cast.studio.text, name: String = "studio", asks: String = "message,observe",
        versions: String = "1-1",
        port: [UInt8] = [0x15, 0x6C]
    ) -> [UInt8] {
        [id, name, asks, versions].flatMap { LengthPrefix.encode($0) } + LengthPrefix.encode(port)
    }

    @Test func `what was written is read`() {
        let meta = Cast.meta(Cast.studio, "studio", asks: ["observe", "message", "observe"], port: 5484)

        #expect(meta.encoded == fields())
        #expect(read(meta.encoded) == meta)
        #expect(read(fields(asks: "")) == Cast.meta(Cast.studio, "studio", asks: []))
    }

    @Test func `a name that could disturb a terminal is refused`() {
        for name in ["", "\u{1B}[2J", "a b", "-rf", "studio\n", "stüdio", String(repeating: "x", count: 64)] {
            #expect(read(fields(name: name)) == nil)
        }
    }

    @Test func `there is one spelling of everything`() {
        let wrong = [
            fields(id: Cast.studio.text.uppercased()), fields(id: Cast.studio.checkedGroups), fields(id: "x"),
            fields(asks: "observe,message"), fields(asks: "observe,observe"), fields(asks: ","), fields(asks: "a,,b"),
            fields(asks: "Exec"), fields(asks: String(repeating: "a", count: 33)),
            fields(asks: (0..<33).map { "a\($0)" }.sorted().joined(separator: ",")),
            fields(versions: "1"), fields(versions: "2-1"), fields(versions: "01-1"), fields(versions: "1-65536"),
            fields(versions: "-1-1"), fields(versions: "+1-1"), fields(port: []), fields(port: [1]),
            fields(port: [0, 0, 1]),
        ]
        for bytes in wrong { #expect(read(bytes) == nil) }
    }

    @Test func `a length beyond the end, or absurd, is refused`() {
        #expect(read([0xFF, 0xFF, 0xFF, 0xFF]) == nil)
        #expect(read([0, 0, 0, 52, 1]) == nil)
    }

    @Test func `every reason has an error with a full sentence`() {
        for reason in PairingAbort.allCases {
            #expect(reason.error(byPeer: true).message.hasSuffix("."))
            #expect(PairingMessage([7, reason.rawValue], suite: .x25519) == .abort(reason))
        }
        #expect(PairingMessage([7, 200], suite: .x25519) == .abort(.unknown))
        #expect(PairingAbort.mismatch.error(byPeer: false).code == .pairingMismatch)
    }
}
