import KithAPI
import KithClient
import KithTestKit
import Testing

/// An asker who hangs up and a link that breaks are told apart, on both sides.
struct LinkTests {
    @Test(arguments: [nil, "studio"] as [String?])
    func `a client that leaves has hung up`(peer: String?) async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh["laptop"].cat(on: peer) { _ in }
            let end = try await mesh[peer ?? "laptop"].endOfStream()
            #expect(end == "cancelled")
        }
    }

    @Test func `a client that leaves a command that talks has hung up`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh["laptop"].client.pipe(StreamCommand(command: ["yes"]), on: .peer("studio")) { pipe in
                _ = try await pipe.receive()
            }
            let end = try await mesh["studio"].endOfStream()
            #expect(end == "cancelled")
        }
    }

    @Test func `a cut cable is a lost link, for the client and for the command`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let error = await #expect(throws: KithError.self) {
                try await mesh["laptop"].cat(on: "studio") { pipe in
                    await mesh.cut("studio")
                    while try await pipe.receive() != nil {}
                }
            }
            #expect(error?.code == .linkLost)
            let end = try await mesh["studio"].endOfStream()
            #expect(end == "link.lost")
        }
    }

    @Test func `a local daemon that stops is a lost link, for the client and for the command`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let error = await #expect(throws: KithError.self) {
                try await mesh["laptop"].cat(on: "studio") { pipe in
                    async let stopped: Void = mesh["laptop"].stop()
                    while try await pipe.receive() != nil {}
                    await stopped
                }
            }
            #expect(error?.code == .linkLost)
            let end = try await mesh["studio"].endOfStream()
            #expect(end == "link.lost")
        }
    }

    @Test func `a feed of a daemon that stops ends with a lost link`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let error = await #expect(throws: KithError.self) {
                var stop: Task<Void, Never>?
                for try await _ in mesh["laptop"].client.feed(FollowAudit(last: 1, follow: true)) {
                    stop = stop ?? Task { await mesh["laptop"].stop() }
                }
            }
            #expect(error?.code == .linkLost)
        }
    }

    @Test func `a call that a peer was working on when it was cut off is a lost link`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let answer = Task {
                try await mesh.ask(RunCommand(command: ["sleep", "60"]), at: "laptop", on: "studio")
            }
            try await mesh["studio"].waitForRecord { $0.action == "exec.run" }
            await mesh.cut("studio")
            let error = await #expect(throws: KithError.self) { try await answer.value }
            #expect(error?.code == .linkLost)
        }
    }
}

extension MeshNode {
    /// Runs `cat` on `peer` or here, and hands its pipe to `body` once it has answered.
    fileprivate func cat(on peer: String?, _ body: (Duplex) async throws -> Void) async throws {
        try await client.pipe(StreamCommand(command: ["cat"]), on: peer.map { .peer($0) } ?? .local) { pipe in
            try await pipe.send(Frame(.data, Array("running\n".utf8)))
            #expect(try await pipe.receive()?.kind == .event)
            #expect(try await pipe.receive() == Frame(.data, Array("running\n".utf8)))
            try await body(pipe)
        }
    }

    /// Waits until the audit says how the first streamed command ended.
    fileprivate func endOfStream() async throws -> String? {
        try await waitForRecord { $0.action == "exec.stream" && $0.result != "began" }?.result
    }

    @discardableResult
    fileprivate func waitForRecord(_ isIt: (AuditRecord) -> Bool) async throws -> AuditRecord? {
        for try await record in client.feed(FollowAudit(last: 100, follow: true)) where isIt(record) { return record }
        return nil
    }
}
