import KithAPI
import KithTestKit
import Testing

@testable import KithWire

/// Nodes of different versions: made-up ranges of the protocol.
struct ProtocolTests {
    private func traits(_ laptop: ClosedRange<Int>, _ studio: ClosedRange<Int>) -> [String: MeshTraits] {
        [
            "laptop": MeshTraits(protocols: ProtocolRange(laptop)),
            "studio": MeshTraits(protocols: ProtocolRange(studio)),
        ]
    }

    private func failure(_ body: () async throws -> Any) async -> KithError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? KithError
        }
    }

    @Test(arguments: ["1", "1-3", "2-9999"]) func `a range is read as it is written`(text: String) {
        #expect(ProtocolRange(text)?.text == text)
    }

    @Test(arguments: ["", "0", "-", "1-", "-1", "3-1", "1-2-3", "x", "1-10000", "99999999999999999999"])
    func `what is no range is refused`(text: String) {
        #expect(ProtocolRange(text) == nil)
    }

    @Test func `the highest version that both know is spoken`() {
        let range = ProtocolRange(2...5)
        let common = [1...1, 1...2, 3...4, 4...9, 6...7].map { range.highestCommon(with: ProtocolRange($0)) }
        #expect(common == [nil, 2, 4, 5, nil])
    }

    @Test func `nodes of overlapping ranges work together`() async throws {
        try await withMesh(["laptop", "studio"], traits: traits(1...2, 2...4)) { mesh in
            _ = try await mesh.ask(SetContext(key: "k", value: "v"), at: "laptop", on: "studio")
            _ = try await mesh.ask(SetContext(key: "k", value: "v"), at: "studio", on: "laptop")
        }
    }

    @Test func `an older node is told to update, from either side`() async throws {
        try await withMesh(["laptop", "studio"], paired: false, traits: traits(1...1, 3...4)) { mesh in
            try await mesh.pair("laptop", "studio", waits: false)
            let errors = await [
                failure { try await mesh.ask(SetContext(key: "k", value: "v"), at: "laptop", on: "studio") },
                failure { try await mesh.ask(SetContext(key: "k", value: "v"), at: "studio", on: "laptop") },
                failure { try await mesh.ask(GetPeer(peer: "studio"), at: "laptop") },
            ]
            #expect(errors.map { $0?.code } == Array(repeating: Optional(ErrorCode.protocolVersion), count: 3))
            #expect(errors.map { $0?.details?["older"] } == Array(repeating: Optional("laptop"), count: 3))
            #expect(
                errors.map { $0?.hint }
                    == Array(
                        repeating:
                            "Update Kith on laptop, which is the older one, and restart it there: `kith restart`.",
                        count: 3))
            #expect(try await mesh.ask(ListContext(), at: "studio").entries.isEmpty)
        }
    }

    /// A node of the time before says nothing of versions, which means the first.
    @Test(arguments: [(nil, true), ("1", true), ("2-3", false), ("nonsense", false)])
    func `a header decides, and none means the first version`(header: String?, isSpoken: Bool) throws {
        let speaker = Speaker(protocols: ProtocolRange(1...1)) { "studio" }
        let answer: Void? = try? speaker.check(header, from: "laptop")
        #expect((answer != nil) == isSpoken)
    }
}
