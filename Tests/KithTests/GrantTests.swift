import Foundation
import KithAPI
import KithTestKit
import Testing

struct GrantTests {
    @Test(arguments: MeshMode.allCases)
    func `a peer without the grant is refused, and the audit says so`(mode: MeshMode) async throws {
        try await withMesh(["laptop", "studio"], mode: mode) { mesh in
            _ = try await mesh.ask(GrantPeer(peer: "laptop", preset: .observer), at: "studio")

            let error = await #expect(throws: KithError.self) {
                try await mesh.ask(RunCommand(command: ["true"]), at: "laptop", on: "studio")
            }

            #expect(error?.code == .denied)
            let last = try await mesh["studio"].audit().last
            #expect(last?.action == "exec.run")
            #expect(last?.result == "denied")
            #expect(last?.caller.hasPrefix("laptop(") == true)
        }
    }

    @Test func `a peer cannot ask what belongs to the owner`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            for request in Catalogue.all where request.grant == .owner && request.shape != .pipe {
                let error = await #expect(throws: KithError.self) {
                    try await mesh.askRaw(request.name, at: "laptop", on: "studio")
                }
                #expect(error?.code == .denied, "\(request.name)")
            }
            let peers = try await mesh.ask(ListPeers(), at: "studio").peers
            #expect(peers.map(\.name.text) == ["laptop"])
        }
    }

    @Test func `an allowlist lets its programs through and nothing else`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let rule = GrantRule(.exec, scope: ["echo"])
            _ = try await mesh.ask(GrantPeer(peer: "laptop", preset: .standard, add: [rule]), at: "studio")

            let allowed = try await mesh.ask(RunCommand(command: ["echo", "hi"]), at: "laptop", on: "studio")
            let denied = await #expect(throws: KithError.self) {
                try await mesh.ask(RunCommand(shell: "echo hi"), at: "laptop", on: "studio")
            }

            #expect(allowed.stdout == "hi\n")
            #expect(denied?.code == .denied)
        }
    }

    @Test func `a peer reaches no further than its neighbour`() async throws {
        try await withMesh(["laptop", "studio", "attic"]) { mesh in
            let error = await #expect(throws: KithError.self) {
                try await mesh.askRaw("peers/attic/node.ping", at: "laptop", on: "studio")
            }
            #expect(error?.code == .capabilityUnknown || error?.code == .requestInvalid)
        }
    }

    @Test func `unpairing ends a running stream`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh["laptop"].client.pipe(StreamCommand(command: ["cat"]), on: .peer("studio")) { pipe in
                try await pipe.send(Frame(.data, Array("running\n".utf8)))
                #expect(try await pipe.receive()?.kind == .event)
                #expect(try await pipe.receive() == Frame(.data, Array("running\n".utf8)))

                _ = try await mesh.ask(RemovePeer(peer: "laptop"), at: "studio")

                await #expect(throws: KithError.self) {
                    while let frame = try await pipe.receive() {
                        if frame.kind == .failure { throw try frame.decode(KithError.self) }
                    }
                    throw KithError(.cancelled, "The stream ended.")
                }
            }
            let error = await #expect(throws: KithError.self) { try await mesh.ask(Ping(), at: "laptop", on: "studio") }
            #expect(error?.code == .peerNotPaired)
        }
    }

    @Test func `a grant whose time is up takes its stream along, and leaves the peer`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let short = GrantRule(.exec, expiresAt: Date(timeIntervalSinceNow: 5))
            _ = try await mesh.ask(GrantPeer(peer: "laptop", add: [short]), at: "studio")
            try await mesh["laptop"].client.pipe(StreamCommand(command: ["cat"]), on: .peer("studio")) { pipe in
                try await pipe.send(Frame(.data, Array("running\n".utf8)))
                #expect(try await pipe.receive()?.kind == .event)
                _ = try await pipe.receive()
                await #expect(throws: KithError.self) { while try await pipe.receive() != nil {} }
            }
            #expect(try await mesh.ask(Ping(), at: "laptop", on: "studio").name.text == "studio")
        }
    }

    @Test func `taking a grant away ends the stream that needed it, and leaves the peer`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh["laptop"].client.pipe(StreamCommand(command: ["cat"]), on: .peer("studio")) { pipe in
                try await pipe.send(Frame(.data, Array("running\n".utf8)))
                #expect(try await pipe.receive()?.kind == .event)
                _ = try await pipe.receive()

                _ = try await mesh.ask(GrantPeer(peer: "laptop", remove: [.exec]), at: "studio")

                await #expect(throws: KithError.self) {
                    while let frame = try await pipe.receive() {
                        if frame.kind == .failure { throw try frame.decode(KithError.self) }
                    }
                    throw KithError(.cancelled, "The stream ended.")
                }
            }
            #expect(try await mesh.ask(Ping(), at: "laptop", on: "studio").name.text == "studio")
        }
    }
}
