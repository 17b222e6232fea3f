import Foundation
import KithAPI
import Testing

/// Each check of `kith doctor` fires once, with real programs: something is broken, the doctor says so, its remedy is
/// pasted into a shell, and the doctor is content.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DoctorTests {
    /// A way to break a node.
    struct Ailment: Sendable, CustomTestStringConvertible {
        var testDescription: String { name }
        let name: String
        /// What the doctor calls it.
        var subject: String
        var verdict = Finding.Verdict.failed
        /// The line of a shell that breaks it, in the folder of the node.
        var cause: String
        /// What an editor that the remedy opens does to the file `$2`.
        var edit = "true"
        /// What the doctor is asked.
        var options = ""
    }

    static let ailments = [
        Ailment(
            name: "a wrong key in the configuration", subject: "configuration", cause: "echo 'lisen: 1' >> config.yaml",
            edit: "sed -i /lisen/d \"$2\""),
        Ailment(name: "a folder that others may enter", subject: "folders", cause: "chmod 755 identity"),
        Ailment(name: "several of them", subject: "folders", cause: "chmod 755 identity logs"),
        Ailment(
            name: "a missing folder", subject: "folders", verdict: .warning, cause: "kith stop && rm -r run"),
        Ailment(name: "data that others may read", subject: "files", cause: "chmod 644 kith.sqlite"),
        Ailment(name: "a configuration that others may change", subject: "files", cause: "chmod 666 config.yaml"),
        Ailment(
            name: "a damaged database", subject: "database",
            cause: "kith stop; for n in 1 2 3 5; do dd if=/dev/urandom of=kith.sqlite bs=4096 seek=$n count=1 "
                + "conv=notrunc status=none; done"),
        Ailment(
            name: "a changed audit log", subject: "audit",
            cause: "kith context set a 1; printf X | dd of=logs/audit.jsonl bs=1 seek=20 conv=notrunc status=none"),
        Ailment(
            name: "a changed audit log, with the daemon down", subject: "audit",
            cause: "kith context set a 1; kith stop; "
                + "printf X | dd of=logs/audit.jsonl bs=1 seek=20 conv=notrunc status=none"),
        Ailment(
            name: "a cut audit log, with the daemon down", subject: "audit",
            cause: "kith context set a 1; kith stop; echo > logs/audit.jsonl"),
        Ailment(
            name: "a database that was set aside", subject: "start", verdict: .warning,
            cause: "kith stop; printf X > kith.sqlite; kith start"),
        Ailment(
            name: "a keeper that does not answer", subject: "keeper",
            cause: "kith exec --detach . -- true; pkill -STOP -f \"keeper --folder $PWD/jobs\""),
        Ailment(name: "no daemon", subject: "daemon", cause: "kith stop"),
        Ailment(name: "a killed daemon", subject: "daemon", cause: "kill -9 $(cat lock)"),
        Ailment(
            name: "another port in the configuration", subject: "peer door", verdict: .warning,
            cause: "sed -i 's/port: 0/port: 28471/' config.yaml"),
        Ailment(
            name: "a key of long ago", subject: "key", verdict: .warning,
            cause: "touch -d '3 years ago' identity/key.pem",
            options: "--security"),
        Ailment(
            name: "a unit whose program is gone", subject: "service",
            cause: "mkdir -p $HOME/.config/systemd/user; "
                + "printf '[Service]\\nExecStart=/nowhere/kithd run\\n' > $HOME/.config/systemd/user/$UNIT; "
                // Until `kith enable` is there, a stand-in: it does what the doctor looks for.
                + "mkdir -p $HOME/bin; printf '#!/bin/sh\\n[ $1 = enable ] || exec \(programs)/kith \"$@\"\\n"
                + "sed -i s,/nowhere,\(programs), $HOME/.config/systemd/user/$UNIT\\n' > $HOME/bin/kith; "
                + "chmod +x $HOME/bin/kith"),
        Ailment(
            name: "an agent that starts a Kith that is gone", subject: "mcp cursor", verdict: .warning,
            cause: "mkdir -p $HOME/.cursor; printf '{\"mcpServers\":{\"kith\":{\"command\":\"/nowhere/kith\",\"args\":"
                + "[\"mcp\"]}}}' > $HOME/.cursor/mcp.json"),
        Ailment(
            name: "an agent that is not logged in", subject: "agent codex", verdict: .warning,
            cause: "mkdir -p $HOME/bin; printf '#!/bin/sh\\n[ $1 = login ] && mkdir -p $HOME/.codex && "
                + "touch $HOME/.codex/auth.json\\n' > $HOME/bin/codex; chmod +x $HOME/bin/codex"),
        Ailment(
            name: "a firewall", subject: "firewall", verdict: .warning,
            cause: "mkdir -p $HOME/bin; printf '#!/bin/sh\\n[ $1 = insert ] && echo \"$@\" > $HOME/rule && exit\\n"
                + "echo \"table inet filter {\"; echo \"chain input {\"; "
                + "echo \"type filter hook input priority 0; policy drop;\"; "
                + "[ -f $HOME/rule ] && cat $HOME/rule; echo \"} }\"\\n' > $HOME/bin/nft; chmod +x $HOME/bin/nft; "
                + "printf '#!/bin/sh\\nexec \"$@\"\\n' > $HOME/bin/sudo; chmod +x $HOME/bin/sudo"),
    ]

    @Test(arguments: ailments)
    func `what is broken is named, its remedy mends it, and then all is well`(ailment: Ailment) async throws {
        try await RealNode.with { node in
            let healthy = try await Self.doctor(node, ailment.options)
            #expect(healthy.findings(about: ailment.subject).allSatisfy { $0.verdict == .ok })

            let broken = try await node.shell("cd \(node.folder.path)/kith && \(ailment.cause)")
            try #require(broken.code == 0, "\(broken)")
            let ill = try await Self.doctor(node, ailment.options)
            let finding = try #require(
                ill.findings(about: ailment.subject).first { $0.verdict != .ok }, "\(ill.findings)")
            #expect(finding.verdict == ailment.verdict, "\(finding)")
            #expect(ill.code == (ill.findings.contains { $0.verdict == .failed } ? 2 : 1))

            try await Self.paste(try #require(finding.remedy), ailment, node)
            let again = try await Self.doctor(node, ailment.options)
            #expect(again.findings(about: ailment.subject).allSatisfy { $0.verdict == .ok }, "\(again.findings)")
        }
    }

    @Test func `a healthy node leaves with 0, and says so`() async throws {
        try await RealNode.with { node in
            let answer = try await node.shell("kith doctor")
            #expect(answer.code == 0, "\(answer)")
            #expect(answer.output.hasSuffix("All is well.\n"))
        }
    }

    @Test func `what is safe to mend is mended by --fix, with the daemon and without`() async throws {
        try await RealNode.with { node in
            let break_ =
                "cd \(node.folder.path)/kith; chmod 755 identity; chmod 644 kith.sqlite; mkdir -p $HOME/.cursor; "
                + "printf '{\"mcpServers\":{\"kith\":{\"command\":\"/nowhere/kith\"}}}' > $HOME/.cursor/mcp.json"
            try await node.shell(break_)
            let answer = try await node.shell("kith doctor --fix")
            #expect(answer.code == 0, "\(answer)")
            #expect(answer.output.components(separatedBy: "mended ").count == 4, "\(answer.output)")

            try await node.shell("kill -9 $(cat $KITH_HOME/lock); \(break_)")
            let alone = try await node.shell("kith doctor --fix")
            #expect(alone.code == 2, "only the daemon is missing: \(alone)")
            #expect(alone.output.contains("kith.sock, which a dead daemon left, was removed."))
            #expect(alone.output.hasSuffix("1 failed.\n"), "\(alone.output)")
        }
    }

    @Test func `the check of the configuration answers in JSON, right or wrong`() async throws {
        try await RealNode.with { node in
            let path = "\(node.folder.path)/kith/config.yaml"
            let right = try await node.shell("kith config check --json")
            #expect(right == .init(0, "{\"configuration\":\"\(path)\"}\n"))
            let wrong = try await node.shell("echo 'lisen: 1' >> $KITH_HOME/config.yaml; kith config check --json")
            #expect(wrong.code == 78 && wrong.output.hasPrefix("{\"error\":{\"code\":\"config.invalid\""), "\(wrong)")
            try await node.shell("sed -i /lisen/d $KITH_HOME/config.yaml")
        }
    }

    @Test func `init --mcp registers with the agents that are here, without a question`() async throws {
        try await RealNode.with { node in
            let answer = try await node.shell("mkdir $HOME/.cursor; kith init --mcp; kith mcp status")
            #expect(answer.output.contains("\nCursor knows Kith.\n"), "\(answer)")
        }
    }

    @Test func `a link instead of a folder is left to the owner`() async throws {
        try await RealNode.with { node in
            try await node.shell("cd $KITH_HOME && mv logs elsewhere && ln -s elsewhere logs")
            let answer = try await node.shell("kith doctor --fix")
            #expect(answer.code == 2 && answer.output.contains("logs is a link, or somebody else's."))
            try await node.shell("cd $KITH_HOME && rm logs && mv elsewhere logs")
        }
    }

    @Test func `a daemon that hangs is told from one that is not there, and named`() async throws {
        try await RealNode.with { node in
            try await node.shell("kill -STOP $(cat $KITH_HOME/lock)")
            let ill = try await Self.doctor(node)
            let finding = try #require(ill.findings(about: "lock").first)
            let words = try #require(finding.remedy).components(separatedBy: "If that does not help: ")
            #expect(ill.findings(about: "daemon").first?.message == "The daemon does not answer.")
            try await node.shell(try #require(words.last) + "; sleep 0.2; kith start")
            #expect(try await Self.doctor(node).code == 0)
        }
    }

    @Test func `a port that belongs to another program is said, and whose it is`() async throws {
        try await RealNode.with { node in
            let line =
                "python3 -c \"import socket,time; s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(); "
                + "print(s.getsockname()[1], flush=True); time.sleep(60)\" > $HOME/port & echo $! > $HOME/pid; "
                + "while [ ! -s $HOME/port ]; do :; done; kith stop; sed -i \"s/port: 0/port: $(cat $HOME/port)/\" "
                + "$KITH_HOME/config.yaml"
            try await node.shell(line)
            let finding = try #require(try await Self.doctor(node).findings(about: "peer door").first)
            #expect(finding.verdict == .failed && finding.message.contains("(python3)"), "\(finding)")
            let ailment = Ailment(name: "", subject: "", cause: "", edit: "sed -i 's/port: .*/port: 0/' \"$1\"")
            try await Self.paste(try #require(finding.remedy), ailment, node)
            try await node.shell("kith start; kill $(cat $HOME/pid)")
            #expect(try await Self.doctor(node).code == 0)
        }
    }

    // MARK: Asking

    /// What the doctor says, and how it leaves.
    struct Diagnosis {
        var findings: [Finding]
        var code: Int32

        func findings(about subject: String) -> [Finding] { findings.filter { $0.subject == subject } }
    }

    private struct Report: Decodable { var findings: [Finding] }

    private static func doctor(_ node: RealNode, _ options: String = "") async throws -> Diagnosis {
        let answer = try await node.shell("kith doctor --json \(options)")
        let report = try JSONDecoder().decode(Report.self, from: Data(answer.output.utf8))
        return Diagnosis(findings: report.findings, code: answer.code)
    }

    private static func paste(_ remedy: String, _ ailment: Ailment, _ node: RealNode) async throws {
        let editor = node.folder.appendingPathComponent("editor").path
        try await node.shell(
            "printf '%s\\n' '#!/bin/sh' \"$EDIT\" > \(editor); chmod +x \(editor)", "EDIT=\(ailment.edit)")
        let answer = try await node.shell(remedy, "EDITOR=\(editor)")
        #expect(answer.code == 0, "\(remedy): \(answer)")
    }

    private static var programs: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        return (own as NSString).deletingLastPathComponent
    }
}
