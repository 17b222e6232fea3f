import Foundation
import KithAPI
import KithClient
import Testing

/// A daemon in a process of its own, started by `kith start`, which can be killed and stopped like any other.
struct PairedNode: Sendable {
    let name: String
    let folder: URL
    /// Where its programs are.
    let programs: String

    var client: KithClient { KithClient(socket: folder.appendingPathComponent("run/kith.sock").path) }

    /// Two paired nodes for the length of `body`; their processes and folders go with it.
    static func withTwo(
        programs: String = Bench.programs, _ body: (PairedNode, PairedNode) async throws -> Void
    ) async throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("kith-real-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: base, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let nodes = try ["laptop", "studio"].map { try PairedNode($0, in: base, programs) }
        let outcome: Result<Void, any Error>
        do {
            for node in nodes { try await node.start() }
            try await nodes[0].pair(with: nodes[1])
            outcome = .success(try await body(nodes[0], nodes[1]))
        } catch {
            outcome = .failure(error)
        }
        for node in nodes { await node.end() }
        try? FileManager.default.removeItem(at: base)
        try outcome.get()
    }

    private init(_ name: String, in base: URL, _ programs: String) throws {
        self.name = name
        self.programs = programs
        folder = base.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try configure()
    }

    /// Writes the configuration, with a port that is free now.
    private func configure() throws {
        let text = "name: \(name)\nlisten:\n  host: 127.0.0.1\n  port: \(try Self.freePort())\ndiscovery: false\n"
        try text.write(to: folder.appendingPathComponent("config.yaml"), atomically: true, encoding: .utf8)
    }

    /// Starts the daemon and returns when it answers.
    func start() async throws {
        var answer = try await shell("kith init >/dev/null && kith start")
        // Other tests take ports as well: the one that was free may not be any more.
        if answer.code != 0 {
            try configure()
            answer = try await shell("kith start")
        }
        try #require(answer.code == 0, "\(name): \(answer.errors)")
    }

    /// `kill -9`, and the certainty that it has happened.
    func kill() async throws {
        let process = try await client.call(GetStatus()).pid
        try await signal(SIGKILL, Int32(process))
        while Foundation.kill(Int32(process), 0) == 0 { await Task.yield() }
    }

    /// Stops the process in its tracks, for the length of `body`.
    func frozen(_ body: () async throws -> Void) async throws {
        let process = Int32(try await client.call(GetStatus()).pid)
        try await signal(SIGSTOP, process)
        do { try await body() } catch {
            Foundation.kill(process, SIGCONT)
            throw error
        }
        try await signal(SIGCONT, process)
    }

    func ask<C: Call>(_ request: C, on peer: String? = nil) async throws -> C.Reply {
        try await client.call(request, on: peer.map { .peer($0) } ?? .local)
    }

    /// Asks until `claim` holds, a minute at most; in between it waits for mail that does not come.
    func until(_ what: String, _ claim: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        let nobody = AgentName(nearest: "nobody")
        _ = try await ask(RegisterAgent(agent: nobody))
        while try await !claim() {
            try #require(ContinuousClock.now < end, "\(name), not within a minute: \(what)")
            _ = try await ask(WaitForMessage(agent: nobody, seconds: 0.05))
        }
    }

    /// Waits until the first delivery of a message is in `state`.
    func wait(_ message: MessageID, is state: DeliveryState) async throws {
        try await until("\(message) is \(state)") { try await self.state(of: message) == state }
    }

    func state(of message: MessageID) async throws -> DeliveryState? {
        try await ask(GetMessage(message: message)).deliveries.first?.state
    }

    private func pair(with other: PairedNode) async throws {
        let line = """
            kith pair --string --grant mine | \
            KITH_HOME='\(other.folder.path)' kith pair --accept - --grant mine
            """
        let answer = try await shell(line)
        try #require(answer.code == 0, "\(answer.errors)")
    }

    private func signal(_ number: Int32, _ process: Int32) async throws {
        try #require(Foundation.kill(process, number) == 0)
    }

    private func end() async {
        _ = try? await shell("kith stop --jobs")
    }

    /// Runs a line of a shell on this node.
    func shell(_ line: String) async throws -> Command.Answer {
        try await Command([
            "env", "KITH_HOME=\(folder.path)", "HOME=\(folder.path)",
            "PATH=\(programs):/usr/local/bin:/usr/bin:/bin",
            "sh", "-c", line,
        ]).run()
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
