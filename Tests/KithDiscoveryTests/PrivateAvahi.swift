import Foundation
import Testing

/// A bus and an avahi-daemon for the tests of this process alone, in a network namespace of their own:
/// nothing reaches a real network, and other runs on the machine are not seen.
///
/// libdbus reads the bus's address once per process, so there is one, and suites that use it are serial.
struct PrivateAvahi: Sendable {
    private static let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("kith-avahi-\(getpid())").path
    private static let script = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("scripts/avahi-private").path
    private static let busAddress: Void = { _ = setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=\(folder)/bus", 1) }()

    /// Whether this machine has what it takes: root, namespaces, avahi-daemon and avahi-publish.
    static let isPossible = succeeds(
        "id -u | grep -qx 0 && PATH=$PATH:/usr/sbin:/sbin && command -v avahi-daemon && command -v avahi-publish "
            + "&& command -v dbus-daemon && command -v ip && unshare --net --mount ip link set lo up")

    /// Gives the body a chosen bus, with nothing running on it yet; ends everything afterwards.
    static func with(_ body: (PrivateAvahi) async throws -> Void) async throws {
        _ = busAddress
        do {
            try await body(PrivateAvahi())
            try await PrivateAvahi().run("stop")
        } catch {
            try await PrivateAvahi().run("stop")
            throw error
        }
    }

    func start() async throws {
        let script = "PATH=$PATH:/usr/sbin:/sbin; ip link set lo up; exec \"$0\" start \"$1\""
        try await launch(["unshare", "--net", "sh", "-c", script, Self.script, Self.folder])
    }

    func restartAvahi() async throws {
        try await run("stop-avahi")
        try await start()
    }

    func restartBus() async throws {
        try await run("stop-bus")
        try await start()
    }

    /// Publishes a service by other means than ours, as long as the body runs.
    func publishing(_ name: String, port: Int, txt: [String], _ body: () async throws -> Void) async throws {
        let rogue = Self.process(["avahi-publish", "--service", name, "_kith._tcp", String(port)] + txt)
        try rogue.run()
        defer { rogue.terminate() }
        try await body()
    }

    private func run(_ action: String) async throws { try await launch([Self.script, action, Self.folder]) }

    private func launch(_ arguments: [String]) async throws {
        let process = Self.process(arguments)
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try #require(status == 0, "\(arguments.joined(separator: " "))")
    }

    private static func succeeds(_ script: String) -> Bool {
        let process = process(["sh", "-c", script])
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private static func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }
}
