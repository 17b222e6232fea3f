import KithAPI
import Testing

@testable import KithMCP

struct ConfirmationTests {
    private static let canAsk = JSONValue.object(["elicitation": .object([:] as [String: JSONValue])])
    private static let call: [String: JSONValue] = [
        "name": "kith_execute", "arguments": .object(["peer": "studio", "shell": "make"]),
    ]

    @Test func `nothing happens before the person has agreed`() async throws {
        let node = StubNode()
        let answer = try await node.answer("tools/call", Self.call, capabilities: Self.canAsk, confirming: true)

        #expect(answer["result"]?["resultType"] == "input_required")
        #expect(
            answer["result"]?["inputRequests"]?["confirm"]?["params"]?["message"] == "Run on studio: make")
        #expect(node.questions.isEmpty)
    }

    @Test func `an answer that was given for another call is asked for again`() async throws {
        let node = StubNode()
        let given: [String: JSONValue] = [
            "requestState": "stolen", "inputResponses": .object(["confirm": .object(["action": "accept"])]),
        ]
        let answer = try await node.answer(
            "tools/call", Self.call.merging(given) { $1 }, capabilities: Self.canAsk, confirming: true)

        #expect(answer["result"]?["resultType"] == "input_required")
        #expect(node.questions.isEmpty)
    }

    @Test func `a client that cannot ask its person gets nothing done`() async throws {
        let node = StubNode()
        let answer = try await node.answer("tools/call", Self.call, confirming: true)

        #expect(answer["error"]?["code"] == -32021)
        #expect(node.questions.isEmpty)
    }

    @Test func `looking around asks nobody`() async throws {
        let node = StubNode(["peer.list": .object(["peers": .array([])])])
        let answer = try await node.answer("tools/call", ["name": "kith_list_peers"], confirming: true)

        #expect(answer["result"]?["structuredContent"]?["peers"] == .array([]))
    }
}
