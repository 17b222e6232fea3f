import FoundationEssentials
import KithAPI
import KithExec
import Testing

@Suite struct ProgramPolicyTests {
    /// A search path that begins with the home folder's `bin`, where `tool` says its name and arguments.
    private func withTool(_ body: (ExecFixture) async throws -> Void) async throws {
        try await ExecFixture.with(path: ["~/bin"] + ExecFixture.searchPath) { exec in
            try exec.file("bin/tool", "#!/bin/sh\necho tool $0 $*\n")
            try exec.file("elsewhere/tool", "#!/bin/sh\necho wrong\n")
            try await body(exec)
        }
    }

    private func outcome(_ exec: ExecFixture, _ request: RunCommand, _ caller: Caller) async -> String {
        do {
            let result = try await exec.service.run(request, from: caller)
            return result.stdout.replacing(exec.home, with: "~").trimmingCharacters("\n")
        } catch {
            return KithError(wrapping: error).code.rawValue
        }
    }

    @Test func `a listed name is the first in the search path, however it is reached`() async throws {
        try await withTool { exec in
            try exec.link("there", to: "bin")
            let peer = Caller.allowed("tool")
            #expect(await outcome(exec, RunCommand(command: ["tool", "a"]), peer) == "tool ~/bin/tool a")
            #expect(await outcome(exec, RunCommand(command: ["\(exec.home)/bin/tool"]), peer) == "tool ~/bin/tool")
            #expect(await outcome(exec, RunCommand(command: ["./tool"], folder: "bin"), peer) == "tool ~/bin/tool")
            #expect(await outcome(exec, RunCommand(command: ["./there/../bin/tool"]), peer) == "tool ~/bin/tool")
            #expect(await outcome(exec, RunCommand(command: ["there/tool"]), peer) == "tool ~/bin/tool")
        }
    }

    @Test func `a listed path is that file`() async throws {
        try await withTool { exec in
            let peer = Caller.allowed("\(exec.home)/elsewhere/tool")
            #expect(await outcome(exec, RunCommand(command: ["elsewhere/tool"]), peer) == "wrong")
            #expect(await outcome(exec, RunCommand(command: ["tool"]), peer) == "denied")
        }
    }

    @Test func `another file of the listed name is refused`() async throws {
        try await withTool { exec in
            let peer = Caller.allowed("tool")
            for name in ["elsewhere/tool", "./elsewhere/tool", "\(exec.home)/elsewhere/tool", "bin/../elsewhere/tool"] {
                #expect(await outcome(exec, RunCommand(command: [name]), peer) == "denied")
            }
            #expect(await outcome(exec, RunCommand(command: ["./tool"], folder: "elsewhere"), peer) == "denied")
        }
    }

    @Test func `a link with the listed name to another program is refused`() async throws {
        try await withTool { exec in
            try exec.link("tool", to: "/bin/sh")
            #expect(await outcome(exec, RunCommand(command: ["./tool", "-c", "id"]), .allowed("tool")) == "denied")
        }
    }

    @Test func `a link to the listed program runs it under its own name`() async throws {
        try await withTool { exec in
            try exec.link("alias", to: "bin/tool")
            #expect(await outcome(exec, RunCommand(command: ["./alias"]), .allowed("tool")) == "tool ~/bin/tool")
        }
    }

    @Test func `a listed link does not open the other names of its file`() async throws {
        try await withTool { exec in
            try exec.link("bin/first", to: "tool")
            try exec.link("bin/second", to: "tool")
            let peer = Caller.allowed("first")
            #expect(await outcome(exec, RunCommand(command: ["first"]), peer) == "tool ~/bin/first")
            #expect(await outcome(exec, RunCommand(command: ["second"]), peer) == "denied")
            #expect(await outcome(exec, RunCommand(command: ["tool"]), peer) == "denied")
        }
    }

    @Test(arguments: [
        "sh", "/bin/sh", "/usr/bin/env", "bash", "", "/", ".", "..", "tool ", "Tool", "tool/", "tool\n", "absent",
        "/absent",
    ])
    func `what is not listed is refused, there or not`(name: String) async throws {
        try await withTool { exec in
            let expected = name.isEmpty ? "request.invalid" : "denied"
            #expect(await outcome(exec, RunCommand(command: [name]), .allowed("tool")) == expected)
        }
    }

    @Test func `a line for the shell needs the shell`() async throws {
        try await withTool { exec in
            #expect(await outcome(exec, RunCommand(shell: "tool"), .allowed("tool")) == "denied")
            #expect(await outcome(exec, RunCommand(shell: "echo hi"), .allowed("/bin/sh")) == "hi")
            #expect(await outcome(exec, RunCommand(shell: "echo hi"), .allowed("sh")) == "hi")
        }
    }

    @Test(arguments: [
        "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "PATH", "BASH_ENV", "ENV", "GIT_SSH_COMMAND", "PYTHONPATH",
        "PAGER", "CFLAGS", "CC", "OPENSSL_CONF", "MAKEFLAGS", "SOMETHING_NEW", "KITH_HOME", "LANG", "LC_ALL",
        "LANGUAGE", "TZ",
    ])
    func `variables that choose code are refused where programs are listed`(name: String) async throws {
        try await withTool { exec in
            let request = RunCommand(command: ["tool"], environment: [name: "\(exec.home)/elsewhere"])
            #expect(await outcome(exec, request, .allowed("tool")) == "denied")
        }
    }

    @Test func `how people want to be spoken to is open where programs are listed`() async throws {
        try await withTool { exec in
            let variables = [
                "LANG": "de_DE.UTF-8", "LANGUAGE": "de:en", "LC_ALL": "C", "TERM": "xterm-256color", "NO_COLOR": "1",
                "TZ": "Europe/Berlin", "COLUMNS": "80",
            ]
            let request = RunCommand(command: ["tool"], environment: variables)
            #expect(await outcome(exec, request, .allowed("tool")) == "tool ~/bin/tool")
        }
    }

    @Test func `a refused variable is named, with what its owner can grant`() async throws {
        try await withTool { exec in
            let request = RunCommand(command: ["tool"], environment: ["CFLAGS": "-O0"])
            let error = await failure { try await exec.service.run(request, from: .allowed("tool")) }
            #expect(error?.message == "The variable `CFLAGS` may not be set from here.")
            #expect(error?.hint?.contains("`--variable CFLAGS`") == true)
        }
    }

    @Test func `a peer that may run anything may search elsewhere, but not load into programs`() async throws {
        try await withTool { exec in
            let peer = Caller.peer(GrantRule(.exec))
            let elsewhere = RunCommand(command: ["tool"], environment: ["PATH": "\(exec.home)/elsewhere:/bin"])
            let relative = RunCommand(command: ["tool"], folder: "elsewhere", environment: ["PATH": ".::"])
            let preload = RunCommand(command: ["tool"], environment: ["LD_PRELOAD": "/x.so"])
            #expect(await outcome(exec, elsewhere, peer) == "wrong")
            #expect(await outcome(exec, relative, peer) == "exec.not_found")
            #expect(await outcome(exec, preload, peer) == "denied")
            #expect(await outcome(exec, RunCommand(command: ["absent"]), peer) == "exec.not_found")
        }
    }

    @Test func `deny beats allow`() async throws {
        try await withTool { exec in
            try exec.link("bin/alias", to: "tool")
            let peer = Caller.peer(GrantRule(.exec), GrantRule(.exec, .deny, scope: ["tool", "sh"]))
            for name in ["tool", "alias", "elsewhere/tool", "\(exec.home)/bin/tool", "sh", "/bin/sh", "/usr/bin/sh"] {
                #expect(await outcome(exec, RunCommand(command: [name]), peer) == "denied")
            }
            #expect(await outcome(exec, RunCommand(shell: "true"), peer) == "denied")
            #expect(await outcome(exec, RunCommand(command: ["echo", "hi"]), peer) == "hi")
            let listed = Caller.peer(GrantRule(.exec, scope: ["tool"]), GrantRule(.exec, .deny))
            #expect(await outcome(exec, RunCommand(command: ["tool"]), listed) == "denied")
        }
    }

    @Test func `a grant that has expired, or another grant, opens nothing`() async throws {
        try await withTool { exec in
            let expired = GrantRule(.exec, expiresAt: Date(timeIntervalSince1970: 999))
            let live = GrantRule(.exec, expiresAt: Date(timeIntervalSince1970: 1001))
            #expect(await outcome(exec, RunCommand(command: ["tool"]), .peer(expired)) == "denied")
            #expect(await outcome(exec, RunCommand(command: ["tool"]), .peer(live)) == "tool ~/bin/tool")
            #expect(await outcome(exec, RunCommand(command: ["tool"]), .peer(GrantRule(.terminal))) == "denied")
            #expect(await outcome(exec, RunCommand(command: ["tool"]), .peer()) == "denied")
        }
    }

    @Test func `a refusal does not say what is there or what is granted`() async throws {
        try await withTool { exec in
            let errors = [
                await failure { try await exec.service.run(RunCommand(command: ["sh"]), from: .allowed("tool")) },
                await failure { try await exec.service.run(RunCommand(command: ["absent"]), from: .allowed("tool")) },
                await failure {
                    try await exec.service.run(RunCommand(command: ["sh"], folder: "absent"), from: .allowed("tool"))
                },
                await failure {
                    try await exec.service.run(RunCommand(command: ["sh"]), from: .peer(GrantRule(.exec, .deny)))
                },
            ]
            #expect(Set(errors.map { $0?.description.replacing("absent", with: "sh") }).count == 1)
            #expect(errors[0]?.description.contains("tool") == false)
        }
    }
}

extension String {
    fileprivate func trimmingCharacters(_ end: String) -> String { hasSuffix(end) ? String(dropLast(end.count)) : self }
}
