import Foundation
import KithAPI
import Testing

/// What a home has lost, and what `kith` says of it and does; with real programs.
@Suite(.timeLimit(.minutes(5)))
struct HomeTests {
    @Test func `a daemon whose socket has gone is said to run, and a restart makes the socket anew`() async throws {
        try await RealNode.with { node in
            let first = try node.daemon
            try FileManager.default.removeItem(at: node.folder.appendingPathComponent("kith/run/kith.sock"))

            let status = try await node.kith("status")
            let start = try await node.kith("start")
            let doctor = try await node.kith("doctor", "--json")

            #expect(status.code == 69)
            #expect(status.errors.contains("The daemon (process \(first)) runs, but its socket has gone"))
            #expect(status.errors.contains("`kith restart`"))
            #expect(start.code == 75)
            #expect(start.errors.contains("`kith restart` replaces it"))
            let findings = try JSONDecoder().decode(Diagnose.Reply.self, from: Data(doctor.output.utf8)).findings
            let daemon = try #require(findings.first { $0.subject == "daemon" })
            #expect(daemon.message.contains("its socket has gone"))
            #expect(daemon.remedy?.hasPrefix("kith restart") == true)
            #expect(!findings.contains { $0.subject == "peer door" && $0.verdict == .failed })
            let restart = try await node.kith("restart")
            #expect(restart.code == 0, "\(restart.errors)")
            #expect(try node.daemon != first)
            #expect(try await node.kith("status").code == 0)
        }
    }

    @Test func `stop ends a daemon whose socket has gone`() async throws {
        try await RealNode.with { node in
            try FileManager.default.removeItem(at: node.folder.appendingPathComponent("kith/run/kith.sock"))
            let stop = try await node.kith("stop")
            #expect(stop.code == 0)
            #expect(stop.output.contains("The daemon has stopped."))
            #expect(try await node.kith("start").code == 0)
        }
    }

    @Test func `a node whose key has gone does not become another one`() async throws {
        try await RealNode.with { node in
            let key = node.folder.appendingPathComponent("kith/identity/key.pem")
            let backup = node.folder.appendingPathComponent("key.pem")
            let before = try await node.kith("key").output
            try await node.kith("stop")
            try FileManager.default.moveItem(at: key, to: backup)

            let start = try await node.kith("start")
            let begin = try await node.kith("init", "--no-mcp")
            let doctor = try await node.kith("doctor")

            #expect(start.code == 65)
            #expect(start.errors.contains("The key of this node is gone"))
            #expect(begin.code == 65)
            #expect(begin.errors.contains("Restore it from a backup."))
            #expect(doctor.output.contains("The key of this node is gone"))
            #expect(!FileManager.default.fileExists(atPath: key.path))
            try FileManager.default.moveItem(at: backup, to: key)
            #expect(try await node.kith("start").code == 0)
            #expect(try await node.kith("key").output == before)
        }
    }

    @Test func `a machine without a key is told to init, and nothing is made`() async throws {
        try await RealNode.with { node in
            let other = node.folder.appendingPathComponent("other").path
            let start = try await node.shell("KITH_HOME=\(other) kith start")
            #expect(start.code == 78)
            #expect(start.errors.contains("This machine has no key yet."))
            #expect(start.errors.contains("`kith init`"))
            #expect(!FileManager.default.fileExists(atPath: other + "/identity"))
        }
    }

    @Test func `a restart leaves the daemon alone where none could start`() async throws {
        try await RealNode.with { node in
            let first = try node.daemon
            try await node.shell("chmod 755 $KITH_HOME")
            let restart = try await node.kith("restart")
            #expect(restart.code != 0)
            #expect(restart.errors.contains("chmod 700"))
            #expect(try node.daemon == first)
            #expect(try await node.kith("status").code == 0)
            try await node.shell("chmod 700 $KITH_HOME")
            #expect(try await node.kith("restart").code == 0)
        }
    }
}
