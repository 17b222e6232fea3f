import KithAPI
import KithTestKit
import Testing

struct PresenceTests {
    @Test func `a node whose cable is cut is offline, and online again when it is healed`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            await mesh.cut("studio")
            try await mesh["laptop"].waitUntil("studio", is: .offline)
            let error = await #expect(throws: KithError.self) { try await mesh.ask(Ping(), at: "laptop", on: "studio") }
            #expect(error?.code == .peerOffline)

            try await mesh.heal("studio")
            try await mesh["laptop"].waitUntilOnline("studio")
            #expect(try await mesh.ask(Ping(), at: "laptop", on: "studio").name.text == "studio")
        }
    }

    @Test func `a peer that nobody knows is an error that names the nearest`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let error = await #expect(throws: KithError.self) { try await mesh.ask(Ping(), at: "laptop", on: "studo") }
            #expect(error?.code == .peerUnknown)
        }
    }
}
