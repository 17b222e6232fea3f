import KithAPI
import Testing

struct AgentSessionTests {
    private static let session = AgentSession(client: "claude-code")

    @Test func `an agent asks what peers can hold, and of the owner's own only what looks around or moves files`() {
        let owners = Catalogue.all.filter { $0.grant == .owner && Self.session.mayAsk($0) }.map { $0.name }
        let refused = Catalogue.all.filter { $0.grant != .owner && !Self.session.mayAsk($0) }

        #expect(
            owners.sorted() == [
                "node.status", "peer.list", "peer.status", "peer.watch", "transfer.pull", "transfer.send",
                "worker.list", "worker.start", "worker.status", "worker.stop",
            ])
        #expect(refused.allSatisfy { $0.grant == .approve })
    }

    @Test(
        arguments: [
            "peer.add", "peer.remove", "peer.rename", "peer.grant", "pair.invite", "pair.join", "node.stop",
            "node.reload",
            "audit.follow", "audit.verify", "node.diagnose",
        ])
    func `an agent may not pair, grant, stop, reload or read the audit`(name: String) throws {
        let capability = try #require(Catalogue.find(name))
        #expect(!Self.session.mayAsk(capability))
    }

    @Test(
        arguments: [
            ("mcp; client=claude-code", "claude-code"), ("mcp", "unknown"), ("", "unknown"),
            ("mcp; client=a b\u{7}c", "a-b-c"), ("mcp;client=x; more=y", "x"),
        ])
    func `whatever stands in the header, it is a session`(text: String, client: String) {
        #expect(AgentSession(headerText: text).client == client)
    }

    @Test func `a name survives the header and has a limit`() {
        let long = AgentSession(client: String(repeating: "ä", count: 100))

        #expect(AgentSession(headerText: Self.session.headerText) == Self.session)
        #expect(long.client.utf8.count == AgentSession.nameBytes)
    }
}
