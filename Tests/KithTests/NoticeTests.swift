import Foundation
import Testing

@testable import KithDaemon

/// What a service manager hears of a real daemon, on a real datagram socket.
struct NoticeTests {
    /// A socket as systemd has one, at a path or in the abstract namespace.
    private final class Manager: Sendable {
        private let descriptor: Int32

        init(_ name: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array((name.hasPrefix("@") ? "\0" + name.dropFirst() : name).utf8)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let size = socklen_t(2 + bytes.count)
            let isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
            }
            var patience = timeval(tv_sec: 30, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            try #require(isBound == 0)
        }

        deinit { close(descriptor) }

        /// The next word, as lines; empty after thirty seconds of silence.
        func next() async -> [String] {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { [descriptor] in
                    var room = [UInt8](repeating: 0, count: 4_096)
                    let count = recv(descriptor, &room, room.count, 0)
                    let text = String(decoding: room.prefix(max(0, count)), as: UTF8.self)
                    continuation.resume(returning: text.split(separator: "\n").map(String.init))
                }
            }
        }

        func next(_ word: String) async -> [String] {
            var lines = await next()
            while !lines.isEmpty, !lines.contains(word) { lines = await next() }
            return lines
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `a daemon says that it is ready, alive, about to stop`(isAbstract: Bool) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kith-n-\(UInt32.random(in: 1...UInt32.max))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = "name: real\nlisten:\n  host: 127.0.0.1\n  port: 0\ndiscovery: false\n"
        try Data(configuration.utf8).write(to: folder.appendingPathComponent("config.yaml"))
        let name = isAbstract ? "@kith-test-\(UUID().uuidString)" : folder.path + "/notify"
        let manager = try Manager(name)
        let home = ["env", "KITH_HOME=\(folder.path)", "HOME=\(folder.path)"]
        try #require(try await Command(home + [Bench.programs + "/kithd", "init"]).run().code == 0)
        async let end = Command([
            "env", "KITH_HOME=\(folder.path)", "HOME=\(folder.path)", "NOTIFY_SOCKET=\(name)", "WATCHDOG_USEC=400000",
            "\(Bench.programs)/kithd", "run",
        ]).run()
        let ready = await manager.next("READY=1")
        let process = ready.compactMap { $0.hasPrefix("MAINPID=") ? Int32($0.dropFirst(8)) : nil }.first
        #expect(ready.contains("STATUS=Running as real."))
        #expect(await manager.next("WATCHDOG=1") == ["WATCHDOG=1"])
        kill(try #require(process), SIGTERM)
        #expect(await manager.next("STOPPING=1").contains("STOPPING=1"))
        let answer = try await end
        #expect(answer.code == 0, "\(answer)")
    }

    @Test func `the watchdog of another process, or none, asks for nothing`() {
        func interval(_ more: [String: String]) -> Duration? {
            let environment = ["NOTIFY_SOCKET": "/run/x"].merging(more) { $1 }
            return ServiceNotice(environment: environment, process: 7).interval
        }
        #expect(interval([:]) == nil)
        #expect(interval(["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"]) == .seconds(30))
        #expect(interval(["WATCHDOG_USEC": "-1"]) == nil)
    }
}
