import Foundation
import Testing

/// What a set of hosts is made of: a folder, a name in `scripts/netns`, and the way to run a command on a host.
struct Bench: Sendable {
    /// The programs under test: next to this test's own, unless `KITH_BIN` says otherwise.
    static let programs =
        ProcessInfo.processInfo.environment["KITH_BIN"]
        ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    private static let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let script = repository.appendingPathComponent("scripts/netns").path

    private let set: String
    private let folder: URL

    /// An empty bench; the suite is serial, so one for the process is enough.
    init() throws {
        set = "hosts\(getpid())"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-\(set)")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try onScript.write(to: on, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: on.path)
    }

    /// Runs `scripts/netns` on our set of hosts.
    func netns(_ arguments: String...) async throws {
        let answer = try await Command(["env", "KITH_NETNS=\(set)", Self.script] + arguments).run()
        try #require(answer.code == 0, "netns \(arguments.joined(separator: " ")): \(answer.errors)")
    }

    /// A host with an empty home and a configuration.
    func host(_ name: String) throws -> Host {
        let home = folder.appendingPathComponent(name)
        for part in ["kith", "user"] {
            try FileManager.default.createDirectory(
                at: home.appendingPathComponent(part), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        let configuration = "name: \(name)\nlisten:\n  host: 0.0.0.0\n  port: 5484\n"
        try configuration.write(to: home.appendingPathComponent("kith/config.yaml"), atomically: true, encoding: .utf8)
        return Host(name: name, home: home, on: on.path, bench: self)
    }

    /// Stops what still runs on the hosts, and removes them and the folder, whatever has happened.
    func clear() async throws {
        let stop = """
            PATH=$PATH:/usr/sbin:/sbin
            for host in h1 h2 h3; do
                "$0" "$host" kith stop
                ip netns pids "\(set)-$host" | xargs --no-run-if-empty kill -9
            done
            """
        _ = try? await Command(["sh", "-c", stop, on.path]).run()
        try? FileManager.default.removeItem(at: folder)
        try await netns("down")
    }

    /// `on HOST CMD…`: for us, and for the terminals.
    private var on: URL { folder.appendingPathComponent("on") }

    private var onScript: String {
        """
        #!/bin/sh
        host=$1; shift
        cd '\(folder.path)'/"$host"/user
        KITH_NETNS='\(set)' exec '\(Self.script)' exec "$host" env KITH_HOME='\(folder.path)'/"$host"/kith \
        HOME='\(folder.path)'/"$host"/user PATH='\(Self.programs)':/usr/local/bin:/usr/bin:/bin "$@"

        """
    }
}
