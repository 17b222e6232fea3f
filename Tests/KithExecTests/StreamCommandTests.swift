import KithAPI
import KithExec
import Testing

@Suite struct StreamCommandTests {
    @Test func `both streams come as frames and the end is told`() async throws {
        try await ExecFixture.with { exec in
            let request = StreamCommand(command: ["sh", "-c", "echo out; echo err >&2; exit 7"])
            let (end, rest) = try await StreamClient().stream(request, on: exec.service) { try await $0.rest() }
            #expect(String(decoding: rest.data, as: UTF8.self) == "out\n")
            #expect(String(decoding: rest.extra, as: UTF8.self) == "err\n")
            #expect(try end.get().exitCode == 7)
        }
    }

    @Test func `8 MiB of any bytes pass through both ways unchanged`() async throws {
        try await ExecFixture.with { exec in
            var generator = SystemRandomNumberGenerator()
            let bytes = (0..<(1 << 20)).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
            let (end, rest) = try await StreamClient().stream(StreamCommand(command: ["cat"]), on: exec.service) {
                client in
                async let rest = client.rest()
                for start in stride(from: 0, to: bytes.count, by: 300_000) {
                    try await client.send(Frame(.data, Array(bytes[start..<min(start + 300_000, bytes.count)])))
                }
                try await client.send(Frame(.end))
                return try await rest
            }
            #expect(rest.data == bytes)
            #expect(rest.extra == [])
            #expect(try end.get().exitCode == 0)
        }
    }

    @Test func `the end of the input is not the end of the command`() async throws {
        try await ExecFixture.with { exec in
            let request = StreamCommand(command: [
                "sh", "-c",
                "cat; echo closed; read line </dev/null; trap 'echo caught; kill $!; exit 4' INT; echo ready; sleep 100 & wait",
            ])
            let (end, _) = try await StreamClient().stream(request, on: exec.service) { client in
                try await client.send(Frame(.end))
                try await client.wait(for: "ready")
                try await client.signal(.interrupt)
                try await client.wait(for: "caught")
            }
            #expect(try end.get().exitCode == 4)
            #expect(try end.get().signal == nil)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a signal reaches the whole group`() async throws {
        try await ExecFixture.with { exec in
            let request = StreamCommand(command: ["sh", "-c", "sleep 100 & echo $! ready; wait"])
            let (end, heard) = try await StreamClient().stream(request, on: exec.service) { client in
                let heard = try await client.wait(for: "ready")
                try await client.signal(.hangUp)
                return heard
            }
            #expect(try end.get().exitCode == 129)
            #expect(try end.get().signal == "HUP")
            while numbers(in: heard).contains(where: isAlive) { await Task.yield() }
        }
    }

    @Test(arguments: [false, true])
    func `a client that goes away takes its command along, before and after the end of its input`(endsInput: Bool)
        async throws
    {
        try await ExecFixture.with(limits: .quick) { exec in
            let request = StreamCommand(command: [
                "sh", "-c", "echo $$; sh -c 'trap \"\" TERM; echo $$ ready; sleep 100' & wait",
            ])
            let (end, heard) = try await StreamClient().stream(request, on: exec.service) { client in
                if endsInput { try await client.send(Frame(.end)) }
                let heard = try await client.wait(for: "ready")
                await client.goAway()
                return heard
            }
            #expect(throws: KithError(.cancelled, "The asking side went away, and the command was ended.")) {
                try end.get()
            }
            #expect(numbers(in: heard).count == 2)
            #expect(numbers(in: heard).filter(isAlive) == [])
            #expect(exec.service.runningCount == 0)
        }
    }

    @Test func `a client that takes nothing more takes its command along`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let (end, _) = try await StreamClient().stream(StreamCommand(command: ["yes"]), on: exec.service) {
                client in
                try await client.wait(for: "y")
                await client.refuse()
            }
            #expect(throws: KithError.self) { try end.get() }
        }
    }

    @Test func `a cancelled task takes its command along`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let client = StreamClient()
            let running = Task {
                try await exec.service.stream(
                    StreamCommand(command: ["sh", "-c", "echo $$ ready; sleep 100"]), over: client.serviceEnd,
                    from: .owner)
            }
            let heard = try await client.wait(for: "ready")
            running.cancel()
            #expect(await failure { try await running.value }?.code == .cancelled)
            #expect(numbers(in: heard).filter(isAlive) == [])
        }
    }

    @Test func `signals are heard while the command ignores its input`() async throws {
        try await ExecFixture.with { exec in
            let (end, _) = try await StreamClient().stream(StreamCommand(command: ["sleep", "100"]), on: exec.service) {
                client in
                try await client.send(Frame(.data, Array(repeating: 0, count: 200 << 10)))
                try await client.signal(.terminate)
            }
            #expect(try end.get().exitCode == 143)
        }
    }

    @Test func `input for a command that does not read any more is let go`() async throws {
        try await ExecFixture.with { exec in
            let request = StreamCommand(command: ["sh", "-c", "exec <&-; echo ready; sleep 100"])
            let (end, _) = try await StreamClient().stream(request, on: exec.service) { client in
                try await client.wait(for: "ready")
                for _ in 0..<8 { try await client.send(Frame(.data, Array(repeating: 0, count: 1 << 20))) }
                try await client.signal(.kill)
            }
            #expect(try end.get().signal == "KILL")
        }
    }

    @Test func `a frame that has no place ends the command`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            for frame in [
                Frame(.extra), Frame(.open), Frame(.failure), Frame(.event, Array("{".utf8)),
                Frame(.event, Array(#"{"signal":"STOP"}"#.utf8)),
            ] {
                let (end, _) = try await StreamClient().stream(
                    StreamCommand(command: ["sleep", "100"]), on: exec.service
                ) {
                    try await $0.send(frame)
                }
                #expect(throws: KithError.self) { try end.get() }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `what cannot be read is called a violation, not a cancellation`() async throws {
        try await ExecFixture.with { exec in
            for _ in 0..<20 {
                let request = StreamCommand(command: ["sleep", "100"])
                let (end, _) = try await StreamClient().stream(request, on: exec.service) { client in
                    await client.breakRules()
                    return try await client.rest()
                }
                #expect(throws: StreamClient.violation) { try end.get() }
            }
        }
    }

    @Test func `a timeout is told as one`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let request = StreamCommand(command: ["sleep", "100"], timeoutSeconds: 0.1)
            let (end, _) = try await StreamClient().stream(request, on: exec.service) { try await $0.rest() }
            #expect(try end.get().exitCode == 124)
            #expect(try end.get().timedOut)
        }
    }

    @Test func `the seventeenth command of a peer has to wait, the owner's does not`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let peer = Caller.peer(GrantRule(.exec))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    let client = StreamClient()
                    group.addTask {
                        _ = try? await exec.service.stream(
                            StreamCommand(command: ["cat"]), over: client.serviceEnd, from: peer)
                    }
                    try await client.send(Frame(.data, [1]))
                    _ = try await client.receive()
                }
                #expect(
                    await failure { try await exec.service.run(RunCommand(command: ["true"]), from: peer) }?.code
                        == .limited)
                #expect(try await exec.service.run(RunCommand(command: ["true"]), from: .owner).exitCode == 0)
                group.cancelAll()
            }
            while exec.service.runningCount > 0 { await Task.yield() }
            #expect(try await exec.service.run(RunCommand(command: ["true"]), from: peer).exitCode == 0)
        }
    }
}
