import CLinux
import FoundationEssentials
import Glibc
import KithAPI
import KithKeeper
import Testing

@testable import KithExec

/// What a fenced command cannot do, tried by real programs against the real kernel.
@Suite(.enabled(if: Confinement.lack(of: .workspace) == nil)) struct SandboxTests {
    private let peer = Caller.peer(GrantRule(.exec, bounds: ExecBounds(sandbox: .workspace)))

    private func withWorkspace(_ body: (ExecFixture) async throws -> Void) async throws {
        try await ExecFixture.with { exec in
            try exec.file(".ssh/id", "SECRET", mode: 0o600)
            try exec.file("outside", "as it was")
            try exec.file("work/file", "mine")
            try await body(exec)
        }
    }

    private func run(_ exec: ExecFixture, _ line: String) async throws -> CommandResult {
        try await exec.service.run(RunCommand(shell: line, folder: "work", timeoutSeconds: 20), from: peer)
    }

    @Test(arguments: [
        "cat ~/.ssh/id", "cat < ~/.ssh/id", "ln -s ~/.ssh/id link; cat link", "ln -s ~/.ssh l; cat l/id",
        "cat /proc/self/root/$HOME/.ssh/id", "cat /proc/self/cwd/../.ssh/id", "cat ../.ssh/id",
        "ln ~/.ssh/id hard; cat hard", "cp ~/.ssh/id copy; cat copy", "mv ~/.ssh taken; cat taken/id",
        "cd ~/.ssh && cat id", "perl -e 'open(F, \"<\", \"$ENV{HOME}/.ssh/id\") or exit 1; print <F>'",
        "exec 3<~/.ssh/id; cat <&3", "cat /proc/$PPID/root/$HOME/.ssh/id", "tar cf - ~/.ssh",
        "ls ~/.ssh/id && cat ~/.ssh/*",
        "unshare -rm cat ~/.ssh/id", "sh -c 'chroot / cat ~/.ssh/id'",
    ])
    func `a secret is not read`(line: String) async throws {
        try await withWorkspace { exec in
            let result = try await run(exec, line)
            #expect(result.exitCode != 0, "\(result)")
            #expect(!result.stdout.contains("SECRET"))
            #expect(try exec.text(of: ".ssh/id") == "SECRET")
        }
    }

    @Test(arguments: [
        "echo x > ~/made", "echo x > ~/outside", "echo x >> ~/outside", "rm ~/outside", "mv file ~/made",
        "ln file ~/made", "mv ~/outside .", "mkdir ~/made", "ln -s file ~/made", "mkfifo ~/made", "cp file ~/made",
        "perl -e 'truncate(\"$ENV{HOME}/outside\", 0) or exit 1'", "echo x > /proc/self/root/$HOME/outside",
        "ln -s .. up; echo x > up/outside", "ln -s ~/made dangling; echo x > dangling", "mv ../work ../made",
        "mount -t tmpfs none .", "echo x > /tmp/kith-was-here-$$",
    ])
    func `nothing outside is changed`(line: String) async throws {
        try await withWorkspace { exec in
            let result = try await run(exec, line)
            #expect(result.exitCode != 0, "\(result)")
            #expect(try exec.text(of: "outside") == "as it was")
            #expect(access(exec.home + "/made", F_OK) != 0)
            #expect(try exec.text(of: "work/file") == "mine")
        }
    }

    @Test func `no terminal of the owner is read or typed into`() async throws {
        var ends: [Int32] = [-1, -1]
        #expect(kith_terminal_open(&ends, 80, 24) == 0)
        defer { for end in ends { close(end) } }
        let owners = String(cString: try #require(ttyname(ends[1])))
        #expect(write(ends[0], "secret\n", 7) == 7)
        try await withWorkspace { exec in
            for line in ["head -c 1 < \(owners)", "echo x > \(owners)", "exec 3<>\(owners)", "ls /dev/pts"] {
                let result = try await run(exec, line)
                #expect(result.exitCode != 0 && result.stdout.isEmpty, "\(line): \(result)")
            }
        }
    }

    @Test func `a terminal of its own is the command's, and no other`() async throws {
        var ends: [Int32] = [-1, -1]
        #expect(kith_terminal_open(&ends, 80, 24) == 0)
        defer { for end in ends { close(end) } }
        let owners = String(cString: try #require(ttyname(ends[1])))
        try await withWorkspace { exec in
            let line = "echo own > $(tty) && echo tty > /dev/tty && ! echo x > \(owners)"
            let request = StreamCommand(shell: line, folder: "work", terminal: TerminalSize(columns: 80, rows: 24))
            let (end, _) = try await StreamClient().stream(request, on: exec.service, from: peer) { client in
                while try await client.receive() != nil {}
            }
            #expect(try end.get().exitCode == 0)
        }
    }

    @Test func `work goes on inside`() async throws {
        try await withWorkspace { exec in
            let line = """
                set -e; echo a > new; mkdir -p d/e; mv new d/e/; ln d/e/new again; ln -s d l; cat l/e/new again
                echo t > "$TMPDIR/t"; cat "$TMPDIR/t"; echo n > /dev/null; cat /etc/passwd > /dev/null
                (echo piped | cat) 2>/dev/null; sort file | wc -l; rm -r d
                perl -MSocket -e 'socketpair(A, B, AF_UNIX, SOCK_STREAM, 0) or exit 1; print "pair\n"'
                echo "$TMPDIR"
                """
            let result = try await run(exec, line)
            #expect(result.exitCode == 0, "\(result)")
            #expect(result.stdout.hasPrefix("a\na\nt\npiped\n"))
            #expect(result.stdout.contains("pair\n"))
            let temporary = result.stdout.split(separator: "\n").last.map(String.init) ?? ""
            #expect(temporary.contains("/kith-job-"))
            while access(temporary, F_OK) == 0 { await Task.yield() }
        }
    }

    @Test(arguments: ["SOCK_STREAM", "SOCK_DGRAM", "SOCK_SEQPACKET"])
    func `no Unix socket is reached`(type: String) async throws {
        try await withWorkspace { exec in
            let result = try await run(
                exec, "perl -MSocket -e 'socket(S, AF_UNIX, \(type), 0) or do { print $!; exit 3 }; exit 0'")
            #expect(result.exitCode == 3)
            #expect(result.stdout == "Permission denied")
        }
    }

    @Test func `a pair of datagram sockets, which could be connected elsewhere, is refused`() async throws {
        try await withWorkspace { exec in
            let line = "perl -MSocket -e 'socketpair(A, B, AF_UNIX, SOCK_DGRAM, 0) or exit 3'"
            let result = try await run(exec, line)
            #expect(result.exitCode == 3)
        }
    }

    @Test func `other processes are not signalled, looked into or traced`() async throws {
        try await withWorkspace { exec in
            let other = try await exec.service.start(
                StartCommand(command: ["sh", "-c", "echo $$ >ready; exec sleep 100"]), from: .owner)
            let pid = try #require(numbers(in: try await exec.listen()).first)
            for signal in ["0", "TERM", "KILL"] {
                let result = try await run(exec, "kill -\(signal) \(pid)")
                #expect(result.exitCode != 0)
            }
            for look in ["cat environ", "cat mem", "cat maps", "ls cwd/", "ls root/", "readlink fd/1", "readlink exe"] {
                let words = look.split(separator: " ")
                let look = try await run(exec, "\(words[0]) /proc/\(pid)/\(words[1])")
                #expect(look.exitCode != 0, "\(words)")
                #expect(look.stdout == "")
            }
            #expect(try await exec.service.get(GetJob(jobID: other.jobID), from: .owner).state == .running)
        }
    }

    @Test func `it has no privileges and gets none`() async throws {
        try await withWorkspace { exec in
            let result = try await run(exec, "grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status")
            #expect(result.stdout == "CapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n")
        }
    }

    @Test func `it says in which sandbox it ran`() async throws {
        try await withWorkspace { exec in
            let (end, _) = try await StreamClient().stream(
                StreamCommand(shell: "cat ~/.ssh/id", folder: "work"), on: exec.service, from: peer
            ) { try await $0.rest() }
            #expect(try end.get().sandbox == .workspace)
            #expect(try end.get().exitCode == 1)
        }
    }

    @Test func `a folder that holds protected places is refused`() async throws {
        try await withWorkspace { exec in
            for folder in [nil, "/", ".ssh"] as [String?] {
                let error = await failure {
                    try await exec.service.run(RunCommand(command: ["true"], folder: folder), from: peer)
                }
                #expect(error?.code == .denied)
            }
        }
    }

    @Test func `a folder or program that is swapped before the start is refused`() async throws {
        try await withWorkspace { exec in
            try exec.file("tool", "#!/bin/sh\necho good\n")
            let identity = try #require(FileIdentity(of: exec.home + "/tool"))
            try exec.file("tool", "#!/bin/sh\necho evil\n")
            let swapped = Confinement(program: identity)
            let moved = Confinement(folder: exec.home + "/elsewhere")
            for confinement in [swapped, moved] {
                var generator = SystemRandomNumberGenerator()
                let launch = Launch(
                    id: .random(using: &generator), program: exec.home + "/tool", arguments: ["tool"],
                    environment: [:], folder: exec.home)
                let confined = confinement.applied(to: launch, through: ExecFixture.kith)
                let (job, leader) = try await exec.keeper.lead(confined)
                var text = ""
                while case .output(_, let output)? = try await leader.next() {
                    text += String(decoding: output.bytes, as: UTF8.self)
                }
                #expect(try await job.finished().exit == .code(126))
                #expect(text.hasPrefix("kith: The command was not started: its "))
            }
        }
    }

    @Test(.enabled(if: access("/sys/fs/cgroup/pids/cgroup.procs", W_OK) == 0 || getuid() != 0))
    func `a fork bomb is contained`() async throws {
        try await ExecFixture.with { exec in
            try exec.file("work/file")
            let bounds = ExecBounds(sandbox: .workspace, folders: [exec.home + "/work"], processes: 20)
            let peer = Caller.peer(GrantRule(.exec, bounds: bounds))
            let line = "i=0; while [ $i -lt 300 ]; do sleep 9 & i=$((i + 1)); echo $i; done"
            let result = try await exec.service.run(RunCommand(shell: line, timeoutSeconds: 20), from: peer)
            #expect(result.exitCode != 0)
            #expect((10...20).contains(numbers(in: result.stdout).count), "\(result)")
            #expect(result.stderr.contains("fork"))
            let after = try await exec.service.run(RunCommand(command: ["echo", "fine"]), from: .owner)
            #expect(after.stdout == "fine\n")
        }
    }

    @Test(.enabled(if: Confinement.lack(of: .container) != nil))
    func `without bubblewrap a container is refused, and the package is named`() async throws {
        try await withWorkspace { exec in
            let peer = Caller.peer(GrantRule(.exec, bounds: ExecBounds(sandbox: .container)))
            let error = await failure {
                try await exec.service.run(RunCommand(command: ["true"], folder: "work"), from: peer)
            }
            #expect(error?.code == .unavailable)
            #expect(error?.hint?.contains("bubblewrap") == true)
        }
    }

    @Test(.enabled(if: Confinement.lack(of: .container) == nil))
    func `a container has no network, no other processes and no secrets`() async throws {
        try await withWorkspace { exec in
            let peer = Caller.peer(GrantRule(.exec, bounds: ExecBounds(sandbox: .container)))
            let run = { (line: String) in
                try await exec.service.run(RunCommand(shell: line, folder: "work", timeoutSeconds: 20), from: peer)
            }
            let inside = try await run("echo x > new; cat new; pwd")
            #expect(inside.stdout == "x\n\(exec.home)/work\n")
            for line in ["cat ~/.ssh/id", "echo x > ~/made"] {
                let outside = try await run(line)
                #expect(outside.exitCode != 0, "\(line)")
            }
            let network = try await run("cat /proc/net/dev | wc -l")
            #expect(network.stdout == "3\n")
            let processes = try await run("ls -d /proc/[0-9]* | wc -l")
            #expect(processes.stdout.count <= 2)
        }
    }
}
