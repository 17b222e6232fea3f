import Foundation
import Testing

/// Real clients against the real server: bare lines held to the schemas, the official SDK in every revision, the door
/// at /mcp, and the programs `claude` and `codex` with a scripted model. Each script in `python/` prints its own tests.
@Suite(.serialized) struct AgentsSerialTests {
    @Test(
        .enabled(
            if: Script.canRun, "the clients are not installed; `scripts/bootstrap agents` installs them or says why"),
        .timeLimit(.minutes(8)), arguments: ["wire", "hard", "sdk", "door", "agents"])
    func `real clients get what the protocol and the pages promise`(name: String) async throws {
        let (code, output) = try await Script(name).run()

        #expect(code == 0, "\(output)")
        #expect(output.contains("passed "), "\(output)")
    }
}

/// A Python script of ours in the private environment of the build folder.
private struct Script {
    private static let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let place = repository.appendingPathComponent(".build/agents")
    private static let programs =
        ProcessInfo.processInfo.environment["KITH_BIN"]
        ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    /// Whether the clients are installed, and the programs built.
    static let canRun =
        FileManager.default.fileExists(atPath: place.appendingPathComponent("installed").path)
        && FileManager.default.isExecutableFile(atPath: programs + "/kithd")

    private let path: String

    init(_ name: String) {
        path = Self.repository.appendingPathComponent("Tests/AgentTests/python/\(name).py").path
    }

    /// Runs it to its end; its exit code and what it printed.
    func run() async throws -> (code: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("kith-agents-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = Self.place.appendingPathComponent("bin/python")
        process.arguments = [path]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["KITH_BIN": Self.programs, "PYTHONDONTWRITEBYTECODE": "1"]) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: file)
        process.standardError = process.standardOutput
        let code = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return (code, try String(contentsOf: file, encoding: .utf8))
    }
}
