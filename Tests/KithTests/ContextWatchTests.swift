import Foundation
import KithAPI
import KithTestKit
import Testing

/// Lines of the acceptance list of the design that are about context; the number stands in each name.
struct ContextWatchTests {
    @Test func `8 a slow subscriber, and one that comes back, see every change once and in order`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            _ = try await mesh.ask(SetContext(key: "k", value: "0"), at: "studio")
            var seen: [ContextChange] = []
            // The subscriber reads one element, and no more until everything has happened; then the line breaks.
            for try await change in mesh["laptop"].client.feed(WatchContext(cursor: 0), on: .peer("studio")) {
                seen.append(change)
                guard seen.count > 1 else {
                    for number in 1...300 {
                        _ = try await mesh.ask(SetContext(key: "k", value: "\(number)"), at: "studio")
                    }
                    continue
                }
                if seen.count == 100 { break }
            }
            await mesh.cut("studio")
            try await mesh["laptop"].waitUntil("studio", is: .offline)
            try await mesh.heal("studio")
            try await mesh["laptop"].waitUntilOnline("studio")

            let rest = WatchContext(cursor: seen.last?.cursor, follow: false)
            for try await change in mesh["laptop"].client.feed(rest, on: .peer("studio")) { seen.append(change) }

            #expect(seen.map(\.value) == (0...300).map { "\($0)" })
            #expect(seen.map(\.cursor) == Array(1...301))
        }
    }

    @Test func `10 a peer whose clock is an hour ahead wins nothing by it, and the doctor names it`() async throws {
        try await withMesh(["laptop", "studio"], traits: ["studio": MeshTraits(secondsAhead: 3_600)]) { mesh in
            let spread = try await mesh.ask(BroadcastContext(key: "k", value: "ahead"), at: "studio")
            #expect(spread.outcomes.map(\.result) == [.stored])

            _ = try await mesh.ask(BroadcastContext(key: "k", value: "later"), at: "laptop")

            for node in ["laptop", "studio"] {
                #expect(try await mesh.ask(GetContext(key: "k"), at: node).value == "later")
            }
            let findings = try await mesh.ask(Diagnose(), at: "laptop").findings
            let finding = try #require(findings.first { $0.subject == "peer studio" })
            #expect(finding.verdict == .warning && finding.message.contains("ahead of ours"))
        }
    }

    @Test func `a broadcast says what happened at each peer`() async throws {
        try await withMesh(["laptop", "studio", "nas"]) { mesh in
            _ = try await mesh.ask(GrantPeer(peer: "laptop", remove: [.contextWrite]), at: "studio")
            await mesh.cut("nas")
            try await mesh["laptop"].waitUntil("nas", is: .offline)

            let reply = try await mesh.ask(BroadcastContext(key: "k", value: "v"), at: "laptop")

            #expect(reply.outcomes.map(\.peer) == ["nas", "studio"])
            #expect(reply.outcomes.map(\.result) == [.offline, .denied])
            #expect(try await mesh.ask(GetContext(key: "k"), at: "laptop").value == "v")
        }
    }
}
