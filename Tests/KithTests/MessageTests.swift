import Foundation
import KithAPI
import KithTestKit
import Testing

/// Lines of the acceptance list of the design that are about messages; the number stands in each name.
struct MessageTests {
    @Test func `1 an unknown recipient is an error with suggestions, and nothing is stored`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh.register("reviewer", at: "studio", caps: ["review"])
            for words in [["revewer@studio"], ["reviewer@studio", "nobody"], ["cap:cook"], ["x@nas"]] {
                let error = await refusal { try await mesh.ask(SendMessage(to: words, body: "a"), at: "laptop") }
                #expect(error?.code == (words == ["x@nas"] ? .peerUnknown : .agentUnknown))
                #expect(error?.hint?.isEmpty == false)
            }
            let near = await refusal { try await mesh.send("a", to: "revewer@studio", at: "laptop") }
            #expect(near?.details?["suggestions"]?.hasPrefix("reviewer@studio") == true)
            #expect(try await mesh.ask(ReadInbox(agent: AgentName("reviewer")), at: "studio").entries == [])
        }
    }

    @Test func `1 an ambiguous name is an error that lists whom it may mean`() async throws {
        try await withMesh(["laptop", "studio", "nas"]) { mesh in
            for node in ["studio", "nas"] { try await mesh.register("builder", at: node) }

            let error = await refusal { try await mesh.send("a", to: "builder", at: "laptop") }

            #expect(error?.code == .agentAmbiguous)
            #expect(error?.details?["suggestions"] == "builder@nas, builder@studio")
            #expect(try await mesh.ask(ReadInbox(agent: AgentName("builder")), at: "nas").entries == [])
        }
    }

    @Test func `a node alone means its first agent, also while it is away, and a dot this node`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh.send("to myself", to: "@.", at: "laptop")
            #expect(try await mesh.inbox(at: "laptop", count: 1).map(\.message.body) == ["to myself"])
            await mesh.cut("studio")
            let reply = try await mesh.ask(SendMessage(to: ["@studio"], body: "later"), at: "laptop")
            #expect(reply.deliveries.map(\.to) == ["main@studio"])
            let error = await refusal { try await mesh.send("a", to: "cap:cook", at: "laptop") }
            #expect(error?.code == .agentUnknown)
            #expect(error?.message.hasSuffix("Not asked, for they are away: studio.") == true)
        }
    }

    @Test func `2 a message of 1 MiB arrives byte for byte`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let unit = "line \u{0}\u{1F600} ä\t\"quoted\" \\ €\n"
            let count = (1 << 20) / unit.utf8.count
            let body =
                String(repeating: unit, count: count)
                + String(repeating: "x", count: (1 << 20) - count * unit.utf8.count)
            #expect(body.utf8.count == 1 << 20)

            let message = try await mesh.send(body, to: "@studio", at: "laptop")
            try await mesh.wait(message, is: .stored, at: "laptop")

            let entry = try #require(try await mesh.inbox(at: "studio", count: 1).first)
            #expect(entry.message.body.utf8.elementsEqual(body.utf8))
            let tooLong = await refusal { try await mesh.send(body + "x", to: "@studio", at: "laptop") }
            #expect(tooLong?.code == .requestTooLarge)
        }
    }

    @Test func `the sender follows a delivery through every state, and is never ahead of the truth`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let message = try await mesh.send("hello", to: "main@studio", at: "laptop", ack: .want)
            try await mesh.wait(message, is: .stored, at: "laptop")
            _ = try await mesh.ask(ReadInbox(), at: "studio")
            let looked = try await mesh.ask(GetMessage(message: message), at: "laptop")
            #expect(looked.deliveries.map(\.state) == [.stored])

            _ = try await mesh.ask(SeeMessages(messages: [message]), at: "studio")
            try await mesh.wait(message, is: .surfaced, at: "laptop")
            _ = try await mesh.ask(AckMessages(messages: [message]), at: "studio")
            try await mesh.wait(message, is: .acked, at: "laptop")
        }
    }

    @Test func `a selector is resolved at send, and says which node could not be asked`() async throws {
        try await withMesh(["laptop", "studio", "nas"]) { mesh in
            for node in ["laptop", "studio"] { try await mesh.register("builder", at: node, caps: ["build"]) }
            await mesh.cut("nas")

            let reply = try await mesh.ask(SendMessage(to: ["cap:build"], body: "go", kind: .broadcast), at: "laptop")

            #expect(Set(reply.deliveries.map(\.to)) == ["builder@laptop", "builder@studio"])
            #expect(reply.unreached.map(\.node) == ["nas"])
        }
    }

    @Test func `waiting ends with the first new message, and does not end early`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            async let waited = mesh.ask(WaitForMessage(seconds: 40), at: "studio")
            try await mesh.send("here", to: "@studio", at: "laptop")
            #expect(try await waited.entries.map(\.message.body) == ["here"])

            let begun = ContinuousClock.now
            try await mesh.register("quiet", at: "studio")
            let nothing = try await mesh.ask(WaitForMessage(agent: AgentName("quiet"), seconds: 0.3), at: "studio")
            #expect(nothing.entries == [] && ContinuousClock.now - begun >= .milliseconds(300))
        }
    }

    @Test func `7 mail for a node that is away waits, and drains in order`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh.send("before", to: "main@studio", at: "laptop")
            _ = try await mesh.inbox(at: "studio", count: 1)
            await mesh.cut("studio")
            var last: MessageID?
            for number in 0..<50 { last = try await mesh.send("\(number)", to: "main@studio", at: "laptop") }
            let message = try #require(last)
            let waiting = try await mesh.ask(GetMessage(message: message), at: "laptop").deliveries
            #expect(waiting.map(\.state) == [.accepted])

            try await mesh.heal("studio")

            let arrived = try await mesh.inbox(at: "studio", count: 51).map(\.message.body)
            #expect(arrived == ["before"] + (0..<50).map { "\($0)" })
            try await mesh.wait(message, is: .stored, at: "laptop")
        }
    }

    @Test func `whoever waits gets each message once, as it comes`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            for number in 0..<20 {
                async let waiting = mesh.ask(WaitForMessage(seconds: 30), at: "studio")
                try await mesh.send("\(number)", to: "main@studio", at: "laptop")
                let entries = try await waiting.entries
                #expect(entries.map(\.message.body) == ["\(number)"])
                #expect(entries.map(\.isRepeat) == [false])
                _ = try await mesh.ask(AckMessages(messages: entries.map(\.message.id)), at: "studio")
            }
        }
    }

    @Test func `the doctor says how much room there is`() async throws {
        try await withMesh(["laptop"]) { mesh in
            try await mesh.send("hello", to: "main", at: "laptop")

            let findings = try await mesh.ask(Diagnose(), at: "laptop").findings

            let lines = findings.filter { ["messages", "context"].contains($0.subject) }
            #expect(
                lines == [
                    Finding("messages", .ok, "0 of 2048 MiB of messages are taken up."),
                    Finding("context", .ok, "0 of 1024 MiB of context are taken up."),
                ])
        }
    }

    @Test func `12 who needs an acknowledgement is told when the agent ends without one`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh.register("reviewer", at: "studio")
            let message = try await mesh.send("please", to: "reviewer@studio", at: "laptop", ack: .need)
            _ = try await mesh.inbox("reviewer", at: "studio", count: 1)

            try await mesh.holding("reviewer", at: "studio") {
                let request = SeeMessages(messages: [message], agent: AgentName("reviewer"))
                _ = try await mesh.ask(request, at: "studio")
            }

            try await mesh.wait(message, is: .dead, at: "laptop")
            let notice = try #require(try await mesh.inbox(at: "laptop", count: 1).first?.message)
            #expect(notice.kind == .notice && notice.replyTo == message)
            #expect(notice.body.contains("ended without an acknowledgement"))
        }
    }

    @Test func `a flood is slowed down, the sender is told, and nothing of it is lost`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            _ = try await mesh.ask(SetMessagePolicy(peer: "laptop", verdict: .accept, perMinute: 60), at: "studio")
            for number in 0..<62 { try await mesh.register("a\(number)", at: "studio", caps: ["listen"]) }

            let message = try await mesh.send("to all", to: "cap:listen", at: "laptop")

            let notice = try #require(try await mesh.inbox(at: "laptop", count: 1).first?.message)
            #expect(notice.kind == .notice && notice.body.contains("takes no more for now"))
            try await mesh.until("all is stored", at: "laptop") {
                try await mesh.ask(GetMessage(message: message), at: "laptop").deliveries.allSatisfy {
                    $0.state == .stored
                }
            }
        }
    }

    @Test func `a peer without the grant is refused, and the sender is told so`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            _ = try await mesh.ask(ListAgents(everywhere: true), at: "laptop")
            _ = try await mesh.ask(GrantPeer(peer: "laptop", remove: [.message]), at: "studio")

            let error = await refusal { try await mesh.send("x", to: "main@studio", at: "laptop") }
            let message = error == nil ? try await mesh.send("x", to: "main@studio", at: "laptop") : nil

            if let message { try await mesh.wait(message, is: .refused, at: "laptop") }
            #expect(error == nil || error?.code == .denied)
            #expect(try await mesh.ask(ReadInbox(), at: "studio").entries == [])
        }
    }

    @Test(arguments: ["message.send", "message.inbox", "message.wait", "agent.hold"])
    func `a peer reads no inbox and speaks for no agent of another node`(capability: String) async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let json: [String: String] = [
                "message.send": #"{"to":["main"],"body":"x"}"#, "agent.hold": #"{"agent":"main"}"#,
            ]
            let body = Array((json[capability] ?? "{}").utf8)
            let error = await refusal {
                for try await _ in mesh["laptop"].client.rawFeed(capability, json: body, on: .peer("studio")) {}
            }
            #expect(error?.code == .denied)
        }
    }
}
