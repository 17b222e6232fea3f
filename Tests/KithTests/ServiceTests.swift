import Foundation
import Testing

/// The daemon as a service. There is no systemd here: `Services/systemctl` is a real program that does with a unit what
/// systemd does on the same orders, and writes down what it was told.
struct ServiceTests {
    private struct State: Decodable, Equatable {
        var startedBy: String
        var unit: String?
        var isActive: Bool
        var lingers: Bool?
    }

    /// Types a command on a machine that has a systemd.
    private func kith(_ node: RealNode, _ words: String...) async throws -> Command.Answer {
        let services = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Services")
        let path = services.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        let line = ["env", "PATH=\(path)", "SYSTEMD_LOG=\(node.folder.path)/systemd"] + node.line(words)
        return try await Command(line).run()
    }

    private func orders(_ node: RealNode) throws -> [String] {
        try String(contentsOf: node.folder.appendingPathComponent("systemd/orders"), encoding: .utf8)
            .replacingOccurrences(of: node.unit, with: "UNIT").split(separator: "\n").map(String.init)
    }

    @Test(.timeLimit(.minutes(2))) func `an enabled daemon is started and stopped by systemd, and keeps its jobs`()
        async throws
    {
        try await RealNode.with { node in
            let job = try await node.kith("exec", ".", "--detach", "--", "sleep", "100").output
                .trimmingCharacters(in: .newlines)
            let enabled = try await kith(node, "enable")
            #expect(enabled.code == 0, "\(enabled)")
            #expect(enabled.output.contains("loginctl enable-linger"))
            #expect(try await node.kith("status").output.contains("started by  systemd"))

            for word in ["restart", "stop", "start", "start"] {
                #expect(try await kith(node, word).code == 0, "\(word)")
            }
            #expect(try await node.kith("jobs").output.contains(job))
            let status = try await kith(node, "service-status", "--json")
            #expect(
                try JSONDecoder().decode(State.self, from: Data(status.output.utf8))
                    == State(startedBy: "systemd", unit: node.unit, isActive: true, lingers: false))

            #expect(try await kith(node, "disable").code == 0)
            #expect(try await kith(node, "service-status").code == 1)
            #expect(try await node.kith("status").code == 69)
            #expect(try await node.kith("start").code == 0)
            #expect(try await node.kith("jobs").output.contains(job))
            #expect(
                try orders(node) == [
                    "daemon-reload", "enable --now UNIT", "stop UNIT", "start UNIT", "stop UNIT", "start UNIT",
                    "disable --now UNIT", "daemon-reload",
                ])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a service that does not start says why`() async throws {
        try await RealNode.with { node in
            try await node.kith("enable", "--dry-run")
            #expect(try await kith(node, "enable").code == 0)
            #expect(try await kith(node, "stop").code == 0)
            let file = node.folder.appendingPathComponent("kith/config.yaml")
            let sound = try Data(contentsOf: file)
            try Data("nmae: x\n".utf8).write(to: file)
            let answer = try await kith(node, "start")
            #expect(answer.code == 69 && answer.errors.contains("systemctl --user start"), "\(answer)")
            try sound.write(to: file)
            #expect(try await kith(node, "disable").code == 0)
        }
    }

    /// Types a line on a machine without systemd, whose crontab is a file, in a session without a desktop.
    private func bare(_ node: RealNode, _ line: String) async throws -> Command.Answer {
        let programs = """
            mkdir -p $HOME/bin; printf '#!/bin/sh\\nexit 1\\n' > $HOME/bin/systemctl
            printf '#!/bin/sh\\n[ $1 = - ] && cat > $HOME/crontab || cat $HOME/crontab\\n' > $HOME/bin/crontab
            chmod +x $HOME/bin/*; unset XDG_CURRENT_DESKTOP DESKTOP_SESSION

            """
        return try await node.shell(programs + line)
    }

    @Test(.timeLimit(.minutes(1))) func `a unit that its user wrote is neither replaced nor removed`() async throws {
        try await RealNode.with { node in
            let file = node.folder.appendingPathComponent("user/.config/systemd/user/\(node.unit)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            let own = Data("[Service]\nExecStart=/usr/bin/true\n".utf8)
            try own.write(to: file)
            let enabled = try await kith(node, "enable")
            #expect(enabled.code == 1 && enabled.errors.contains("is not replaced"), "\(enabled)")
            #expect(try await kith(node, "disable").code == 0)
            #expect(try Data(contentsOf: file) == own)

            // A masked unit: what it points to is not written either.
            try FileManager.default.removeItem(at: file)
            try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/dev/null")
            #expect(try await kith(node, "enable").code != 0)
            #expect(try await Command(["test", "-c", "/dev/null"]).run().code == 0)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `where systemd does not answer, nothing is said to be disabled`() async throws {
        try await RealNode.with { node in
            #expect(try await kith(node, "enable").code == 0)
            let wants = node.folder.path + "/user/.config/systemd/user/default.target.wants"
            try FileManager.default.createDirectory(atPath: wants, withIntermediateDirectories: true)
            symlink("../\(node.unit)", wants + "/" + node.unit)

            let disabled = try await node.kith("disable")
            #expect(disabled.code == 69 && disabled.errors.contains("is enabled"), "\(disabled)")
            let status = try await node.kith("service-status")
            #expect(status.code == 0 && status.output.contains("does not answer here"), "\(status)")

            #expect(try await kith(node, "disable").code == 0)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `where there is no systemd, the desktop starts the daemon`() async throws {
        try await RealNode.with { node in
            let answer = try await bare(node, "export XDG_CURRENT_DESKTOP=GNOME; kith enable && kith service-status")
            let folder = node.folder.appendingPathComponent("user/.config/autostart")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let file = folder.appendingPathComponent(try #require(names.first))
            let entry = try String(contentsOf: file, encoding: .utf8)
            #expect(entry.contains("/kith\" \"start\" \"--home\" \"\(node.folder.path)/kith\"\n"))
            #expect(answer.code == 0, "\(answer)")
            #expect(answer.output.hasPrefix("Your desktop starts the daemon, by \(file.path).\n"), "\(answer)")
            #expect(answer.output.contains("started by  desktop\nfile        \(file.path)\n"), "\(answer)")
            let examined = try await bare(node, "export DESKTOP_SESSION=gnome; kith doctor")
            #expect(examined.output.contains("\(file.path) starts the daemon when you log in"), "\(examined)")
            #expect(try await node.kith("disable").code == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `where there is no desktop either, nothing is written, and the line for cron can be pasted`() async throws {
        try await RealNode.with { node in
            let refused = try await bare(node, "kith enable")
            #expect(refused.code == 1 && refused.errors.contains("no systemd of yours"), "\(refused)")
            let folder = node.folder.appendingPathComponent("user/.config/autostart").path
            #expect(!FileManager.default.fileExists(atPath: folder))
            let idle = try await bare(node, "kith service-status")
            #expect(idle.code == 1 && idle.output.hasPrefix("started by  nobody\n"), "\(idle)")

            let line = try #require(refused.errors.split(separator: "`").first { $0.hasPrefix("(crontab -l") })
            #expect(idle.output.contains(line), "\(idle)")
            let pasted = try await bare(node, "\(line); kith service-status && kith doctor; kith disable")
            #expect(pasted.code == 0 && pasted.output.hasPrefix("started by  cron\n"), "\(pasted)")
            #expect(pasted.output.contains("Cron starts the daemon at each boot: @reboot"), "\(pasted)")
            #expect(pasted.output.contains("Remove this line with `crontab -e`:\n@reboot"), "\(pasted)")
            let boot = try await bare(node, "kith stop; eval \"$(sed 's/^@reboot //' $HOME/crontab)\"; kith status")
            #expect(boot.code == 0, "\(boot)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `an entry for a desktop that is not there is not said to start anything`()
        async throws
    {
        try await RealNode.with { node in
            let answer = try await bare(node, "kith enable --desktop; kith service-status")
            // A machine with desktops to log in to, as a developer's may be, has one that reads the entry.
            let isHere = answer.output.contains("started by  desktop")
            #expect(answer.code == (isHere ? 0 : 1), "\(answer)")
            #expect(isHere || answer.output.contains("started by  nobody\n"), "\(answer)")
            #expect(isHere || answer.output.contains("waits for a desktop, and there is none here."), "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `what would be written is said in JSON, too`() async throws {
        struct Draft: Decodable { var file: String, text: String }
        try await RealNode.with { node in
            let answer = try await bare(node, "XDG_CURRENT_DESKTOP=GNOME kith enable --dry-run --json")
            let draft = try JSONDecoder().decode(Draft.self, from: Data(answer.output.utf8))
            #expect(draft.file.hasSuffix(".desktop") && draft.text.hasPrefix("[Desktop Entry]\n"), "\(answer)")
        }
    }

    @Test(.enabled(if: Command(["systemd-analyze", "--version"]).succeeds))
    func `systemd finds nothing wrong with the unit`() async throws {
        try await RealNode.with { node in
            let unit = try await kith(node, "enable", "--dry-run")
            #expect(unit.output.contains("Environment=\"KITH_HOME=\(node.folder.path)/kith\"\n"))
            let file = node.folder.appendingPathComponent("kith.service")
            try Data(unit.output.utf8).write(to: file)
            let answer = try await Command([
                "env", "XDG_RUNTIME_DIR=\(node.folder.path)", "systemd-analyze", "verify", "--user", "--man=no",
                file.path,
            ]).run()
            #expect(answer == Command.Answer(0, ""))
        }
    }

    @Test(.timeLimit(.minutes(1))) func `of several starts at once, all find the one daemon`() async throws {
        try await RealNode.with { node in
            try await node.kith("stop")
            let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
                for _ in 0..<5 { group.addTask { try await node.kith("start").code } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == [0, 0, 0, 0, 0])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a restart whose log cannot be written leaves the daemon alone`() async throws {
        try await RealNode.with { node in
            try await node.shell("cd $KITH_HOME/logs && rm daemon.log && ln -s /nowhere daemon.log")
            #expect(try await node.kith("restart").code == 74)
            #expect(try await node.kith("status").code == 0)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `an update that is no whole program is not called one`() async throws {
        try await RealNode.with { node in
            let line =
                "mkdir -p $HOME/half && cp $(command -v kith) $HOME/half/ && "
                + "printf '#!/bin/sh\nexit 3\n' > $HOME/half/kithd && chmod 755 $HOME/half/kithd; "
                + "$HOME/half/kith update --check"
            let answer = try await node.shell(line)
            #expect(answer.code == 69 && answer.errors.contains("code 3"), "\(answer)")
        }
    }

    /// What `kith start` quotes is what this start said.
    @Test(.timeLimit(.minutes(1))) func `a start that fails quotes nothing that an earlier daemon said`() async throws {
        try await RealNode.with { node in
            try await node.kith("stop")
            let file = node.folder.appendingPathComponent("kith/config.yaml")
            let sound = try Data(contentsOf: file)
            let log = try FileHandle(forWritingTo: node.folder.appendingPathComponent("kith/logs/daemon.log"))
            try log.seekToEnd()
            try log.write(contentsOf: Data("2026-01-01T00:00:00Z error the old trouble\n".utf8))
            try Data("nmae: x\n".utf8).write(to: file)
            let answer = try await node.kith("start")
            try sound.write(to: file)
            #expect(answer.code == 78 && answer.errors.contains("there is no key `nmae`"), "\(answer)")
            #expect(!answer.errors.contains("the old trouble"))
        }
    }

    /// Garbage at the end of the audit log is the owner's to look at, and nobody's reason to be without a daemon.
    @Test(.timeLimit(.minutes(1))) func `a daemon whose audit log ends in garbage starts and says so`() async throws {
        try await RealNode.with { node in
            try await node.kith("stop")
            let log = try FileHandle(forWritingTo: node.folder.appendingPathComponent("kith/logs/audit.jsonl"))
            try log.seekToEnd()
            try log.write(contentsOf: Data("not a record\n".utf8))
            #expect(try await node.kith("start").code == 0)
            #expect(try await node.kith("status").output.contains("audit.jsonl.torn"))
            #expect(try await node.kith("doctor").output.contains("audit.jsonl.torn"))
            #expect(try await node.kith("audit", "verify").code == 0)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `the daemon's own log is lines of JSON for programs`() async throws {
        struct Line: Decodable { var time: String?, level: String?, message: String }
        try await RealNode.with { node in
            let answer = try await node.kith("logs", "--daemon", "--json", "-n", "9")
            let lines = try answer.output.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(lines.contains { $0.level == "info" && $0.message.hasPrefix("listening address=127.0.0.1:") })
            #expect(lines.allSatisfy { $0.time != nil })
        }
    }

    @Test(.timeLimit(.minutes(1))) func `stopping what does not run is answered in JSON, too`() async throws {
        try await RealNode.with { node in
            let (first, second) = (try await node.kith("stop", "--json"), try await node.kith("stop", "--json"))
            #expect(first.output.hasPrefix("{\"pid\":"))
            #expect(second.code == 0 && second.output == "{}\n")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `the records of nobody are asked for by mistake`() async throws {
        try await RealNode.with { node in
            for options in [[], ["-f"]] {
                let answer = try await Command(node.line(["logs", "--peer", "nosuch"] + options)).run()
                #expect(answer.code == 68 && answer.errors.contains("No peer is called `nosuch`"), "\(answer)")
            }
            try await node.kith("context", "set", "a", "1")
            #expect(try await node.kith("logs", "--peer", "owner").output.contains("context.set"))
        }
    }
}
