import KithAPI
import KithClient
import KithTestKit
import Testing

/// What an MCP server may ask of a whole daemon, over its socket.
struct AgentSessionTests {
    @Test func `an agent may neither stop the node nor pair, grant or remove, and the audit says who tried`()
        async throws
    {
        try await withMesh(["laptop", "studio"]) { mesh in
            let agent = KithClient(socket: mesh["laptop"].daemon.socket, session: AgentSession(client: "claude-code"))

            for refused in ["node.stop", "node.reload", "peer.remove", "peer.grant", "peer.add", "peer.rename"] {
                let error = await #expect(throws: KithError.self) {
                    try await agent.raw(refused, json: Array("{}".utf8))
                }
                #expect(error?.code == .denied, "\(refused)")
            }
            let feed = await #expect(throws: KithError.self) {
                for try await _ in agent.feed(FollowAudit(last: 1)) {}
            }
            let pipe = await #expect(throws: KithError.self) {
                try await agent.pipe(InvitePeer(asString: true, preset: .mine)) { _ = try await $0.receive() }
            }

            #expect(feed?.code == .denied)
            #expect(pipe?.code == .denied)
            let denied = try await mesh["laptop"].audit().filter { $0.result == "denied" }
            #expect(denied.count == 8)
            #expect(denied.allSatisfy { $0.details == ["via": "mcp", "client": "claude-code"] })
        }
    }

    @Test func `an agent may not ask a peer what this node may`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let agent = KithClient(socket: mesh["laptop"].daemon.socket, session: AgentSession(client: "claude-code"))

            for (refused, code) in [
                ("peer.grant", ErrorCode.denied), ("node.stop", .denied), ("something.new", .capabilityUnknown),
            ] {
                let error = await #expect(throws: KithError.self) {
                    try await agent.raw(refused, json: Array("{}".utf8), on: .peer("studio"))
                }
                #expect(error?.code == code, "\(refused)")
            }
            let records = try await mesh["laptop"].audit().filter { $0.object == "peer studio" }
            #expect(records.map(\.result) == ["denied", "denied"])
        }
    }

    @Test func `what an agent does here and there is in the audit with its name`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let agent = KithClient(socket: mesh["laptop"].daemon.socket, session: AgentSession(client: "codex"))

            _ = try await agent.call(SetContext(key: "a", value: "b"))
            _ = try await agent.call(SetContext(key: "a", value: "b"), on: .peer("studio"))

            let records = try await mesh["laptop"].audit().filter { $0.action == "context.set" }
            #expect(records.map(\.object) == ["a", "peer studio"])
            #expect(records.allSatisfy { $0.details == ["via": "mcp", "client": "codex"] })
        }
    }

    @Test func `a peer that claims to be an agent is still the peer`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let agent = KithClient(socket: mesh["laptop"].daemon.socket, session: AgentSession(client: "codex"))

            _ = try await agent.call(SetContext(key: "a", value: "b"), on: .peer("studio"))

            let record = try await mesh["studio"].audit().first { $0.action == "context.set" }
            #expect(record?.caller.hasPrefix("laptop(") == true)
            #expect(record?.details == nil)
        }
    }
}
