import KithAPI
import Synchronization
import Testing

@testable import KithMCP

struct HeldAgentTests {
    @Test func `the first session is the default agent, the next ones are called after their client`() async throws {
        let house = House()
        let sessions = (0..<3).map { _ in HeldAgent(house.access) }
        var names: [String] = []
        for session in sessions { names.append(try await session.name(for: "claude-code").text) }

        #expect(names == ["main", "claude-code", "claude-code-2"])
        #expect(try await sessions[1].name(for: "claude-code").text == "claude-code", "and it stays")
    }

    @Test func `two questions at once are one session`() async throws {
        let session = HeldAgent(House().access)
        async let one = session.name(for: "a")
        async let other = session.name(for: "a")

        #expect(try await (one, other) == (.main, .main))
    }

    @Test func `a claim over HTTP is refused, because nothing could hold it`() async throws {
        let node = StubNode()
        let result = try await node.call("kith_task_claim")

        #expect(result["_meta"]?[MetaKey.error]?["code"] == "unavailable")
        #expect(node.questions.isEmpty)
    }
}

/// A node that lets each name be held once.
private final class House: Sendable {
    private let held = Mutex<Set<AgentName>>([])

    var access: NodeAccess {
        NodeAccess { _ in
            let main = AgentCard(
                agent: .main, node: "laptop", labels: [], tags: [], capabilities: [], epoch: 1, isDefault: true,
                isPresent: false)
            return try JSON.encode(ListAgents.Reply(agents: [main], unreached: []))
        } feed: { question, each in
            let request = try JSON.decode(HoldAgent.self, from: question.json)
            guard request.ifFree == true, self.held.withLock({ $0.insert(request.agent).inserted }) else {
                throw KithError(.conflict, "Another session is open.")
            }
            try await each(try JSON.encode(AgentNews(kind: .began, epoch: 1, waiting: 0)))
            for await _ in AsyncStream<Never>.makeStream().stream {}
        }
    }
}
