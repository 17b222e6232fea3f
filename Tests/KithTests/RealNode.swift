import Foundation
import Testing

/// A node of real processes: `kithd` and `kith` of this build, in a folder of its own.
final class RealNode: Sendable {
    let folder: URL
    private let programs: String

    private init() throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        programs = (own as NSString).deletingLastPathComponent
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-real-\(UUID().uuidString)")
        for name in ["kith", "user/work"] {
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent(name), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        let configuration = "name: real\nlisten:\n  host: 127.0.0.1\n  port: 0\ndiscovery: false\n"
        try Data(configuration.utf8).write(to: folder.appendingPathComponent("kith/config.yaml"))
    }

    /// Runs `body` with a node whose daemon runs, and leaves nothing of it.
    static func with(_ body: (RealNode) async throws -> Void) async throws {
        let node = try RealNode()
        try await node.kith("init", "--no-mcp")
        try await node.kith("start")
        do {
            try await body(node)
            try await node.kith("stop", "--jobs")
        } catch {
            _ = try? await node.kith("stop", "--jobs")
            throw error
        }
        try FileManager.default.removeItem(at: node.folder)
    }

    /// Types a command.
    @discardableResult
    func kith(_ words: String...) async throws -> Command.Answer { try await Command(line(words)).run() }

    /// The words of a command with its environment.
    func line(_ words: [String]) -> [String] {
        ["env", "KITH_HOME=\(folder.path)/kith", "HOME=\(folder.path)/user", "\(programs)/kith"] + words
    }

    /// The process that holds the home.
    var daemon: Int32 {
        get throws {
            let lock = try String(contentsOf: folder.appendingPathComponent("kith/lock"), encoding: .utf8)
            return try #require(Int32(lock.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
    }

    /// The unit that systemd knows it by.
    var unit: String {
        let mark = "\(folder.path)/kith".utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return "kith-\(String(mark, radix: 36)).service"
    }

    /// Runs a line of a shell as this node's user, with `kith` and what stands in `user/bin` in PATH. The mask of
    /// modes is its own: daemons of other tests in this process narrow it for a moment.
    @discardableResult
    func shell(_ line: String, _ variables: String...) async throws -> Command.Answer {
        let path = "PATH=\(folder.path)/user/bin:\(programs):/usr/bin:/bin"
        let own = [
            "env", path, "UNIT=\(unit)", "USER=real", "KITH_HOME=\(folder.path)/kith", "HOME=\(folder.path)/user",
        ]
        return try await Command(own + variables + ["sh", "-c", "umask 022; " + line]).run()
    }

    /// Kills the daemon with -9, and starts another.
    func crash() async throws {
        kill(try daemon, SIGKILL)
        let answer = try await kith("start")
        try #require(answer.code == 0, "\(answer.errors)")
    }

    /// A file of the user's home folder.
    func text(of name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("user/\(name)"), encoding: .utf8)
    }
}
