import KithAPI
import KithTestKit
import Testing

struct ContextTests {
    @Test(arguments: MeshMode.allCases)
    func `a value set on a peer is read back from it`(mode: MeshMode) async throws {
        try await withMesh(["laptop", "studio"], mode: mode) { mesh in
            let stored = try await mesh.ask(SetContext(key: "build/status", value: "green"), at: "laptop", on: "studio")

            let read = try await mesh.ask(GetContext(key: "build/status"), at: "studio")

            #expect(read == stored)
            #expect(read.version == 1)
        }
    }

    @Test func `a stale version is refused over the mesh with the present one`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            _ = try await mesh.ask(SetContext(key: "a", value: "1"), at: "studio")
            _ = try await mesh.ask(SetContext(key: "a", value: "2"), at: "studio")

            let error = await #expect(throws: KithError.self) {
                try await mesh.ask(SetContext(key: "a", value: "3", ifVersion: 1), at: "laptop", on: "studio")
            }

            #expect(error?.code == .contextVersion)
            #expect(error?.details?["version"] == "2")
        }
    }
}
