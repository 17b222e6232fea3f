import KithAPI
import KithExec
import Testing

@Suite struct RunCommandTests {
    private func shell(_ line: String, timeout: Double? = nil) -> RunCommand {
        RunCommand(command: ["sh", "-c", line], timeoutSeconds: timeout)
    }

    @Test func `both streams and the exit code come back`() async throws {
        try await ExecFixture.with { exec in
            let result = try await exec.service.run(shell("echo out; echo err >&2; exit 7"), from: .owner)
            var expected = result
            (expected.exitCode, expected.signal, expected.timedOut, expected.truncated) = (7, nil, false, false)
            (expected.stdout, expected.stdoutEncoding, expected.stdoutBytes) = ("out\n", .utf8, 4)
            (expected.stderr, expected.stderrEncoding, expected.stderrBytes) = ("err\n", .utf8, 4)
            #expect(result == expected)
        }
    }

    @Test func `arguments pass untouched`() async throws {
        try await ExecFixture.with { exec in
            let words = ["", " two  words ", "\"quoted\"", "'single'", "$HOME", "`id`", "*", "a\nb", "ünï", "-n", "\\"]
            let command = ["sh", "-c", "for word; do printf '<%s>\\n' \"$word\"; done", "name"] + words
            let result = try await exec.service.run(RunCommand(command: command), from: .owner)
            #expect(result.stdout == words.map { "<\($0)>\n" }.joined())
        }
    }

    @Test func `a line goes to the shell, whatever it begins with`() async throws {
        try await ExecFixture.with { exec in
            let result = try await exec.service.run(RunCommand(shell: "echo a | tr a b; echo $0"), from: .owner)
            #expect(result.stdout == "b\n/bin/sh\n")
            #expect(try await exec.service.run(RunCommand(shell: "-x"), from: .owner).exitCode == 127)
        }
    }

    @Test func `the environment is the owner's and nothing else`() async throws {
        try await ExecFixture.with { exec in
            let request = RunCommand(command: ["env"], environment: ["EXTRA": "1=2"])
            let result = try await exec.service.run(request, from: .owner)
            #expect(
                result.stdout.split(separator: "\n").filter { !$0.hasPrefix("KITH_JOB=") }.sorted() == [
                    "EXTRA=1=2", "HOME=\(exec.home)", "LANG=C.UTF-8", "LOGNAME=tester",
                    "PATH=/usr/local/bin:/usr/bin:/bin",
                    "PWD=\(exec.home)", "SHELL=/bin/sh", "USER=tester",
                ])
        }
    }

    @Test func `input is closed unless given`() async throws {
        try await ExecFixture.with { exec in
            let closed = try await exec.service.run(RunCommand(command: ["cat"]), from: .owner)
            let given = try await exec.service.run(RunCommand(command: ["cat"], stdin: "hällo"), from: .owner)
            #expect(closed.stdout == "")
            #expect(given.stdout == "hällo")
        }
    }

    @Test func `input that nobody reads harms nobody`() async throws {
        try await ExecFixture.with { exec in
            let request = RunCommand(command: ["head", "-c", "1"], stdin: String(repeating: "x", count: 1 << 20))
            let result = try await exec.service.run(request, from: .owner)
            #expect(result.stdout == "x")
            #expect(result.exitCode == 0)
        }
    }

    @Test func `a command whose reader leaves ends by SIGPIPE`() async throws {
        try await ExecFixture.with { exec in
            let line = "{ yes; echo $? >status; } | head -n 1; while [ ! -s status ]; do :; done"
            let result = try await exec.service.run(shell(line), from: .owner)
            #expect(result.stdout == "y\n")
            #expect(try exec.text(of: "status") == "141\n")
        }
    }

    @Test func `a signal is told by name`() async throws {
        try await ExecFixture.with { exec in
            let result = try await exec.service.run(shell("kill -USR1 $$"), from: .owner)
            #expect(result.exitCode == 128 + 10)
            #expect(result.signal == "USR1")
        }
    }

    @Test func `a timeout ends the whole group`() async throws {
        try await ExecFixture.with { exec in
            let line = "echo $$; sleep 100 & echo $!; sh -c 'echo $$; exec sleep 100' & wait"
            let start = ContinuousClock.now
            let result = try await exec.service.run(shell(line, timeout: 0.5), from: .owner)
            #expect(start.duration(to: .now) < .seconds(60))
            #expect(result.exitCode == 124)
            #expect(result.timedOut)
            #expect(result.signal == "TERM")
            #expect(numbers(in: result.stdout).count == 3)
            #expect(numbers(in: result.stdout).filter(isAlive) == [])
        }
    }

    @Test func `a timeout kills what ignores TERM`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let result = try await exec.service.run(
                shell("trap '' TERM; echo $$; while :; do sleep 9; done", timeout: 0.2), from: .owner)
            #expect(result.exitCode == 124)
            #expect(result.signal == "KILL")
            #expect(numbers(in: result.stdout).filter(isAlive) == [])
        }
    }

    @Test func `what a command leaves behind delays its answer by a second at most, and lives on`() async throws {
        try await ExecFixture.with { exec in
            let start = ContinuousClock.now
            let result = try await exec.service.run(shell("sleep 100 & echo $!"), from: .owner)
            let left = numbers(in: result.stdout)
            #expect(start.duration(to: .now) < .seconds(60))
            #expect(result.exitCode == 0)
            #expect(left.filter(isAlive) == left)
            _ = try await exec.service.run(RunCommand(command: ["kill"] + left.map(String.init)), from: .owner)
        }
    }

    @Test func `a cancelled run leaves nothing`() async throws {
        try await ExecFixture.with { exec in
            let running = Task { try await exec.service.run(shell("echo $$ >ready; sleep 100"), from: .owner) }
            let heard = try await exec.listen()
            running.cancel()
            #expect(await failure { try await running.value }?.code == .cancelled)
            #expect(numbers(in: heard).count == 1)
            #expect(numbers(in: heard).filter(isAlive) == [])
            #expect(exec.service.runningCount == 0)
        }
    }

    @Test func `the beginning of long output is kept and all of it counted`() async throws {
        try await ExecFixture.with { exec in
            let request = RunCommand(command: ["sh", "-c", "yes é | head -c 3000000"], outputLimit: 10)
            let result = try await exec.service.run(request, from: .owner)
            #expect(result.stdout == "é\né\né\n")
            #expect(result.stdoutBytes == 3_000_000)
            #expect(result.truncated)
        }
    }

    @Test func `a folder is relative to the home folder and has to be one`() async throws {
        try await ExecFixture.with { exec in
            try exec.file("code/app/file")
            let inside = try await exec.service.run(RunCommand(command: ["pwd"], folder: "code/app"), from: .owner)
            #expect(inside.stdout == "\(exec.home)/code/app\n")
            let absent = await failure {
                try await exec.service.run(RunCommand(command: ["pwd"], folder: "absent"), from: .owner)
            }
            #expect(absent?.code == .execFailed)
            #expect(absent?.message == "There is no folder `absent` to run in.")
            let file = await failure {
                try await exec.service.run(RunCommand(command: ["pwd"], folder: "code/app/file"), from: .owner)
            }
            #expect(file?.message == "`code/app/file` is not a folder.")
        }
    }

    @Test func `a program that is not there, cannot run or has no interpreter is told apart`() async throws {
        try await ExecFixture.with { exec in
            try exec.file("plain", "echo hi", mode: 0o644)
            try exec.file("lost", "#!/nowhere/interpreter\n")
            try exec.file("odd", "no program")
            let error = { (name: String) in
                await failure { try await exec.service.run(RunCommand(command: [name]), from: .owner) }
            }
            #expect(await error("no-such-program")?.code.exitCode == 127)
            #expect(await error("./no-such-program")?.code.exitCode == 127)
            #expect(await error("./plain")?.code.exitCode == 126)
            #expect(await error("/")?.code.exitCode == 126)
            #expect(await error("./lost")?.code.exitCode == 126)
            #expect(await error("./odd")?.code.exitCode == 126)
        }
    }

    @Test(arguments: [
        RunCommand(), RunCommand(command: []), RunCommand(command: [""]), RunCommand(command: ["true"], shell: "true"),
        RunCommand(command: ["echo", "a\0b"]), RunCommand(command: ["true"], environment: ["A": "\0"]),
        RunCommand(command: ["true"], environment: ["A B": ""]), RunCommand(command: ["true"], environment: ["1A": ""]),
        RunCommand(command: ["true"], environment: ["": ""]), RunCommand(command: ["true"], environment: ["A=B": ""]),
        RunCommand(command: ["true"], folder: "a\0b"),
        RunCommand(command: ["true"], timeoutSeconds: 0), RunCommand(command: ["true"], timeoutSeconds: -1),
        RunCommand(command: ["true"], timeoutSeconds: .nan), RunCommand(command: ["true"], timeoutSeconds: .infinity),
        RunCommand(command: ["true"], timeoutSeconds: 86_401), RunCommand(command: ["true"], outputLimit: -1),
        RunCommand(command: ["true"], outputLimit: 4 << 20 + 1),
    ])
    func `what cannot be meant is refused`(request: RunCommand) async throws {
        try await ExecFixture.with { exec in
            #expect(await failure { try await exec.service.run(request, from: .owner) }?.code == .requestInvalid)
        }
    }

    @Test func `what is too large is refused`() async throws {
        try await ExecFixture.with { exec in
            let peer = Caller.peer(GrantRule(.exec))
            let words = RunCommand(command: Array(repeating: "x", count: 4097))
            let variables = Dictionary(uniqueKeysWithValues: (0..<257).map { ("V\($0)", "") })
            let long = RunCommand(command: ["true", String(repeating: "x", count: 128 << 10)])
            #expect(await failure { try await exec.service.run(words, from: .owner) }?.code == .requestTooLarge)
            #expect(
                await failure {
                    try await exec.service.run(RunCommand(command: ["true"], environment: variables), from: .owner)
                }?
                .code == .requestTooLarge)
            #expect(await failure { try await exec.service.run(long, from: peer) }?.code == .requestTooLarge)
            #expect(await failure { try await exec.service.run(long, from: .owner) }?.code == .requestTooLarge)
        }
    }

    @Test func `stopping ends everything`() async throws {
        try await ExecFixture.with { exec in
            async let result = failure {
                try await exec.service.run(shell("trap '' TERM; echo >ready; while :; do sleep 9; done"), from: .owner)
            }
            _ = try await exec.listen()
            try await exec.service.stopAll()
            #expect(await result?.code == .cancelled)
        }
    }
}
