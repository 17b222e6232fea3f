import Foundation
import KithAPI
import Testing

@testable import KithCLI

/// What stands around a node: services and firewalls, in a file system of the test's own.
struct DoctorSurroundingsTests {
    private func withRoot(_ body: (String) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("kith-root-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        try await body(root)
    }

    private func write(_ text: String, _ path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test func `ufw without our port is named, with the command that opens it`() async throws {
        try await withRoot { root in
            let check = FirewallCheck(port: 5484, environment: [:], root: root)
            try write("ENABLED=yes\n", root + "/etc/ufw/ufw.conf")
            #expect(await check.finding().message.contains("only root sees"))
            try write("-A ufw-user-input -p tcp --dport 22 -j ACCEPT\n", root + "/etc/ufw/user.rules")
            let closed = await check.finding()
            #expect(closed.verdict == .warning && closed.remedy == "sudo ufw allow 5484/tcp")
            try write("-A ufw-user-input -p tcp --dport 5484 -j ACCEPT\n", root + "/etc/ufw/user.rules")
            #expect(await check.finding().verdict == .ok)
        }
    }

    @Test func `firewalld without our port is named, with the command that opens it`() async throws {
        try await withRoot { root in
            let check = FirewallCheck(port: 5484, environment: [:], root: root)
            try write("", root + "/run/firewalld/pid")
            #expect(await check.finding().message.contains("only root sees"))
            try write("<zone/>", root + "/etc/firewalld/zones/public.xml")
            let closed = await check.finding()
            #expect(closed.verdict == .warning)
            #expect(closed.remedy?.hasPrefix("sudo firewall-cmd --permanent --add-port=5484/tcp") == true)
            try write("<zone><port port=\"5484\" protocol=\"tcp\"/></zone>", root + "/etc/firewalld/zones/public.xml")
            #expect(await check.finding().verdict == .ok)
        }
    }

    @Test func `a service that ends with the login is named, until its user lingers`() async throws {
        try await withRoot { root in
            try write("[Service]\nExecStart=/bin/sh run\n", root + "/.config/systemd/user/kith.service")
            try FileManager.default.createDirectory(atPath: root + "/linger", withIntermediateDirectories: true)
            let check = ServiceCheck(environment: ["HOME": root, "USER": "ann"], lingering: root + "/linger")
            let ill = await check.findings()
            #expect(ill.map(\.subject) == ["service", "linger"])
            #expect(ill.map(\.verdict) == [.ok, .warning])
            #expect(ill[1].remedy == "loginctl enable-linger ann")
            try write("", root + "/linger/ann")
            #expect(await check.findings().map(\.verdict) == [.ok, .ok])
        }
    }
}
