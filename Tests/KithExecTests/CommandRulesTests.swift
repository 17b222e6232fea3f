import FoundationEssentials
import KithAPI
import Testing

@testable import KithExec

/// Rules against commands, through the service: what is decided is what is explained.
@Suite struct CommandRulesTests {
    private func outcome(_ exec: ExecFixture, _ caller: Caller, _ command: String..., folder: String? = nil) async
        -> String
    {
        let request = RunCommand(command: command, folder: folder)
        let error = await failure { try await exec.service.run(request, from: caller) }
        return error?.code.rawValue ?? "ran"
    }

    @Test func `arguments are part of what is allowed`() async throws {
        try await ExecFixture.with { exec in
            let peer = Caller.allowed("echo status **", "printf *")
            #expect(await outcome(exec, peer, "echo", "status") == "ran")
            #expect(await outcome(exec, peer, "echo", "status", "-s") == "ran")
            #expect(await outcome(exec, peer, "/bin/echo", "status") == "ran")
            #expect(await outcome(exec, peer, "echo", "push") == "denied")
            #expect(await outcome(exec, peer, "echo") == "denied")
            #expect(await outcome(exec, peer, "printf", "x", "y") == "denied")
        }
    }

    @Test func `a line for the shell is four words`() async throws {
        try await ExecFixture.with { exec in
            let peer = Caller.allowed(#"sh -c -- echo\ *"#)
            let run = { (line: String) in
                await failure { try await exec.service.run(RunCommand(shell: line), from: peer) }?.code
            }
            #expect(await run("echo hi") == nil)
            #expect(await run("id") == .denied)
        }
    }

    @Test func `the closest rule decides, then deny, then ask`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let rules = [
                GrantRule(.exec), GrantRule(.exec, .deny, scope: ["echo push **", "true"]),
                GrantRule(.exec, .ask, scope: ["echo", "true"]), GrantRule(.exec, scope: ["echo push origin"]),
            ]
            let peer = Caller.peer("laptop", 7, rules)
            let expected: [([String], GrantRule.Effect, String)] = [
                (["pwd"], .allow, "ran"), (["echo", "a"], .ask, "approval.refused"),
                (["echo", "push"], .deny, "denied"), (["echo", "push", "origin"], .allow, "ran"),
                (["true"], .deny, "denied"),
            ]
            for (command, effect, code) in expected {
                let request = RunCommand(command: command)
                let error = await failure { try await exec.service.run(request, from: peer) }
                #expect(error?.code.rawValue ?? "ran" == code, "\(command)")
                let question = ExplainGrant(peer: "x", grant: .exec, object: command)
                let explained = try await exec.service.explain(question, GrantSet(rules))
                #expect(explained.decision == effect, "\(command)")
            }
        }
    }

    @Test func `a rule without bounds does not loosen an equal one with bounds`() async throws {
        try await ExecFixture.with { exec in
            try exec.file("work/file")
            let bounded = GrantRule(.exec, bounds: ExecBounds(folders: [exec.home + "/work"]))
            let peer = Caller.peer(GrantRule(.exec), bounded)
            #expect(await outcome(exec, peer, "true", folder: "work") == "ran")
            #expect(await outcome(exec, peer, "true", folder: "/") == "denied")
        }
    }

    @Test func `a folder is what it is when every link is followed`() async throws {
        try await ExecFixture.with { exec in
            try exec.file("work/app/file")
            try exec.file("other/file")
            try exec.link("work/out", to: exec.home + "/other")
            try exec.link("in", to: exec.home + "/work/app")
            try exec.file("workshop/file")
            let peer = Caller.peer(GrantRule(.exec, bounds: ExecBounds(folders: [exec.home + "/work"])))
            #expect(await outcome(exec, peer, "true", folder: "work") == "ran")
            #expect(await outcome(exec, peer, "true", folder: "work/app") == "ran")
            #expect(await outcome(exec, peer, "true", folder: "in") == "ran")
            #expect(await outcome(exec, peer, "true") == "ran")
            for folder in ["~", "work/out", "work/..", "work/../other", "workshop", "absent", "/"] {
                #expect(await outcome(exec, peer, "true", folder: folder) == "denied", "\(folder)")
            }
            let here = try await exec.service.run(RunCommand(command: ["pwd"]), from: peer)
            #expect(here.stdout == exec.home + "/work\n")
        }
    }

    @Test func `named variables are the only ones, and the loader's never`() async throws {
        try await ExecFixture.with { exec in
            let bounds = ExecBounds(variables: ["CC", "LD_PRELOAD"])
            let peer = Caller.peer(GrantRule(.exec, scope: ["env"], bounds: bounds))
            let run = { (name: String) in
                await failure {
                    try await exec.service.run(RunCommand(command: ["env"], environment: [name: "x"]), from: peer)
                }?.code
            }
            #expect(await run("CC") == nil)
            #expect(await run("CFLAGS") == .denied)
            #expect(await run("PATH") == .denied)
            #expect(await run("LD_PRELOAD") == .denied)
        }
    }

    @Test func `so many at once, so many a minute, so long`() async throws {
        try await ExecFixture.with { exec in
            let often = Caller.peer(GrantRule(.exec, bounds: ExecBounds(perMinute: 2)))
            #expect(await outcome(exec, often, "true") == "ran")
            #expect(await outcome(exec, often, "true") == "ran")
            #expect(await outcome(exec, often, "true") == "limited")

            let one = Caller.peer("attic", 8, [GrantRule(.exec, bounds: ExecBounds(running: 1))])
            let job = try await exec.service.start(StartCommand(command: ["sleep", "100"]), from: one)
            #expect(await outcome(exec, one, "true") == "limited")
            _ = try await exec.service.signal(SignalJob(jobID: job.jobID, signal: .kill), from: one)

            let short = Caller.peer("shed", 9, [GrantRule(.exec, bounds: ExecBounds(seconds: 1))])
            let result = try await exec.service.run(
                RunCommand(command: ["sleep", "100"], timeoutSeconds: 90), from: short)
            #expect(result.timedOut)
        }
    }

    @Test func `memory is bounded for each process`() async throws {
        try await ExecFixture.with { exec in
            let peer = Caller.peer(GrantRule(.exec, bounds: ExecBounds(memory: 300)))
            let line = "ulimit -v; head -c 600000000 /dev/zero | tail -c 600000000 | wc -c"
            let result = try await exec.service.run(RunCommand(shell: line), from: peer)
            #expect(result.stdout.hasPrefix("307200\n"))
            #expect(!result.stdout.contains("600000000"))
        }
    }

    @Test func `an explanation names the rule and the file`() async throws {
        try await ExecFixture.with { exec in
            let rule = GrantRule(.exec, scope: ["echo a*"])
            let allowed = try await exec.service.explain(
                ExplainGrant(peer: "x", grant: .exec, object: ["echo", "ab"]), GrantSet([rule]))
            #expect(allowed.decision == .allow)
            #expect(allowed.rule == rule)
            #expect(allowed.program?.hasSuffix("/bin/echo") == true)
            let denied = try await exec.service.explain(
                ExplainGrant(peer: "x", grant: .exec, object: ["echo", "b"]), GrantSet([rule]))
            #expect(denied.decision == .deny)
            #expect(denied.rule == nil)
        }
    }
}
