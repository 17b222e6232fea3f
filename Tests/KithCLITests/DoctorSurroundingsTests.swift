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

    @Test func `a worker is started by its parent, and not told to enable anything`() async {
        let findings = await ServiceCheck(environment: ["HOME": "/nowhere"], isWorker: true).findings()
        #expect(findings == [Finding("service", .ok, "Its parent starts it.")])
    }

    @Test func `the line for cron survives the shell and cron, and is known again`() {
        let line = CrontabLine(program: "/opt/k/kith", environment: ["KITH_HOME": "/a b/50%"])
        #expect(line.text == #"@reboot KITH_HOME='/a b/50\%' /opt/k/kith start"#)
        #expect(
            line.command.hasPrefix(#"(crontab -l 2>/dev/null; printf '%s\n' '@reboot KITH_HOME='\''/a b/50\%'\'' "#))
        #expect(CrontabLine.starts("/a b/50%", line.text))
        #expect(!CrontabLine.starts("/a", line.text) && !CrontabLine.starts(nil, line.text))
        #expect(CrontabLine.starts(nil, "@reboot /usr/bin/kith start"))
        #expect(!CrontabLine.starts(nil, "# @reboot kith start") && !CrontabLine.starts(nil, "@reboot other start"))
    }

    @Test func `a unit's program is read with its quotes, blanks and percent signs`() async throws {
        try await withRoot { root in
            let (unit, folder) = (root + "/.config/systemd/user/kith.service", root + "/a b%c")
            try write("", folder + "/kithd")
            chmod(folder + "/kithd", 0o755)
            let text = ServiceUnit(programs: folder, environment: [:], systemd: 252).text
            try write(text, unit)
            let check = ServiceCheck(environment: ["HOME": root], lingering: root + "/linger")
            #expect(await check.findings() == [Finding("service", .ok, "\(unit) starts \(folder)/kithd.")])
        }
    }

    @Test func `the unit of another home is not this home's, and a pipe is no unit`() async throws {
        try await withRoot { root in
            try write("[Service]\nExecStart=/nowhere run\n", root + "/.config/systemd/user/kith.service")
            let other = ServiceCheck(environment: ["HOME": root, "KITH_HOME": root + "/other"])
            #expect(await other.findings().map(\.verdict) == [.ok])
            let place = ServicePlace(["HOME": root, "KITH_HOME": root + "/other"])
            mkfifo(place.unitFile, 0o600)
            #expect(await other.findings().map(\.verdict) == [.warning])
        }
    }
}
