import KithAPI
import KithStore
import Testing

struct AgentHoldingTests {
    @Test func `an agent that must be free is refused until its session has ended`() async throws {
        try await Home.with { home in
            let agents = try home.openStore().agents
            let first = try await agents.begin(.main, session: "one", ifFree: true)
            let again = try await agents.begin(.main, session: "one", ifFree: true)

            await #expect(throws: KithError.self) { try await agents.begin(.main, session: "two", ifFree: true) }
            #expect(again.epoch == first.epoch, "the same session may come back")
            _ = try await agents.end(.main, epoch: first.epoch)
            #expect(try await agents.begin(.main, session: "two", ifFree: true).epoch == first.epoch + 1)
        }
    }
}
