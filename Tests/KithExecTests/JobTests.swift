import FoundationEssentials
import KithAPI
import Testing

@testable import KithExec

@Suite struct JobTests {
    private let peer = Caller.peer(GrantRule(.exec, scope: ["sh"]))
    private let other = Caller.peer("attic", 8, [GrantRule(.exec, scope: ["sh"])])
    private let trusted = Caller.peer("desk", 9, [GrantRule(.exec)])

    private func start(_ exec: ExecFixture, _ line: String, from caller: Caller = .owner, keepsInput: Bool? = nil)
        async throws -> Job
    {
        try await exec.service.start(
            StartCommand(command: ["sh", "-c", line], keepsInput: keepsInput), from: caller)
    }

    private func output(_ exec: ExecFixture, _ job: Job, from cursor: Int? = nil) async throws -> [JobEvent] {
        let list = Kept<[JobEvent]>([])
        try await exec.service.follow(FollowJob(jobID: job.jobID, cursor: cursor), from: .owner) { list.append($0) }
        return list.value
    }

    @Test func `a job that has ended takes no signal, and says so`() async throws {
        try await ExecFixture.with { exec in
            let job = try await exec.service.start(StartCommand(command: ["true"]), from: .owner).jobID
            _ = try await exec.service.wait(WaitForJob(jobID: job), from: .owner)
            let error = await failure { try await exec.service.signal(SignalJob(jobID: job), from: .owner) }
            #expect(error?.code == .conflict)
            #expect(error?.message == "The job \(job) has ended already.")
        }
    }

    @Test func `a job runs by itself, is waited for, and its output is there`() async throws {
        try await ExecFixture.with { exec in
            let job = try await start(exec, "echo out; echo err >&2; read line; exit 3")
            var ended = try await exec.service.wait(WaitForJob(jobID: job.jobID), from: .owner)
            #expect(ended.state == .ended)
            #expect(ended.end?.exitCode == 3)
            #expect(ended.isDetached)
            #expect(ended.startedBy == "owner")
            ended.end = nil
            let events = try await output(exec, job)
            #expect(events.compactMap(\.text).sorted() == ["err\n", "out\n"])
            #expect(events.last?.kind == .end)
            #expect(events.last?.end?.exitCode == 3)
            let piece = try await exec.service.output(ReadJobOutput(jobID: job.jobID, cursor: -4), from: .owner)
            #expect(piece.isComplete)
            #expect(piece.pieces.last?.kind == .end)
            #expect(piece.cursor == 8)
        }
    }

    @Test func `its end is in the audit`() async throws {
        try await ExecFixture.with { exec in
            let job = try await start(exec, "exit 3", from: peer)
            _ = try await exec.service.wait(WaitForJob(jobID: job.jobID), from: peer)
            while exec.events.all.isEmpty { await Task.yield() }
            let event = exec.events.all[0]
            #expect(event.action == "job.end")
            #expect(event.result == "exit 3")
            #expect(event.object == "\(job.jobID) sh -c 'exit 3'")
            #expect(event.caller.description.hasPrefix("laptop("))
        }
    }

    @Test func `input can be written later, and closed`() async throws {
        try await ExecFixture.with { exec in
            let job = try await start(exec, "cat", keepsInput: true)
            _ = try await exec.service.write(WriteToJob(jobID: job.jobID, text: "one\n"), from: .owner)
            _ = try await exec.service.write(
                WriteToJob(jobID: job.jobID, text: "two\n", closesInput: true), from: .owner)
            #expect(try await output(exec, job).compactMap(\.text).joined() == "one\ntwo\n")
        }
    }

    @Test func `what one peer started is nobody's business but its own, and the owner's`() async throws {
        try await ExecFixture.with { exec in
            let job = try await start(exec, "sleep 100", from: peer)
            let id = job.jobID
            for caller in [peer, trusted, .owner] {
                #expect(try await exec.service.get(GetJob(jobID: id), from: caller).jobID == id)
                #expect(try await exec.service.list(ListJobs(), from: caller).jobs.map(\.jobID) == [id])
            }
            #expect(try await exec.service.list(ListJobs(), from: other).jobs == [])
            let absent = await failure {
                try await exec.service.get(GetJob(jobID: JobID("jaaaaaaaaaaaa") ?? id), from: other)
            }
            let refusals = [
                await failure { try await exec.service.get(GetJob(jobID: id), from: other) },
                await failure { try await exec.service.signal(SignalJob(jobID: id), from: other) },
                await failure { try await exec.service.write(WriteToJob(jobID: id, text: "x"), from: other) },
                await failure { try await exec.service.wait(WaitForJob(jobID: id), from: other) },
                await failure { try await exec.service.output(ReadJobOutput(jobID: id), from: other) },
                await failure { try await exec.service.follow(FollowJob(jobID: id), from: other) { _ in } },
                await failure {
                    try await exec.service.attach(AttachJob(jobID: id), over: StreamClient().serviceEnd, from: other)
                },
            ]
            for refusal in refusals {
                #expect(refusal?.code == absent?.code)
                #expect(refusal?.message == absent?.message.replacing("jaaaaaaaaaaaa", with: id.text))
            }
        }
    }

    @Test func `a lost link does not end a command, and it comes back to all of the output`() async throws {
        try await ExecFixture.with { exec in
            let request = StreamCommand(command: ["sh", "-c", "echo one; read line; echo $line; exit 5"])
            let (end, id) = try await StreamClient().stream(request, on: exec.service) { client in
                let first = try #require(try await client.receive()).decode(CommandNews.self)
                try await client.wait(for: "one")
                await client.loseLink()
                return try #require(first.jobID)
            }
            #expect(throws: KithError.linkLost("The link to the asking side was lost.")) { try end.get() }

            let back = StreamClient()
            async let result = exec.service.attach(
                AttachJob(jobID: id, cursor: 4, resumes: true), over: back.serviceEnd, from: .owner)
            let news = try #require(try await back.receive()).decode(CommandNews.self)
            #expect(news == CommandNews(jobID: id, cursor: 4, inputTaken: 0))
            try await back.send(Frame(.data, Array("two\n".utf8)))
            try await back.wait(for: "two")
            #expect(try await result.exitCode == 5)
        }
    }

    @Test func `nobody comes back, and the command goes`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let (_, heard) = try await StreamClient().stream(
                StreamCommand(command: ["sh", "-c", "echo $$ ready; sleep 100"]), on: exec.service
            ) { client in
                let heard = try await client.wait(for: "ready")
                await client.loseLink()
                return heard
            }
            while numbers(in: heard).contains(where: isAlive) { await Task.yield() }
            while exec.service.runningCount > 0 { await Task.yield() }
        }
    }

    @Test func `a client that detaches leaves the command running`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let (_, id) = try await StreamClient().stream(
                StreamCommand(command: ["sh", "-c", "echo ready; sleep 100"]), on: exec.service
            ) { client in
                let first = try #require(try await client.receive()).decode(CommandNews.self)
                try await client.wait(for: "ready")
                try await client.send(Frame(.event, json: CommandWord.detach))
                #expect(try await client.receive()?.decode(CommandNews.self) == CommandNews(jobID: first.jobID))
                await client.goAway()
                return try #require(first.jobID)
            }
            let job = try await exec.service.get(GetJob(jobID: id), from: .owner)
            #expect(job.state == .running)
            #expect(job.isDetached)
        }
    }

    @Test func `a peer that lost its leave loses its commands at once`() async throws {
        try await ExecFixture.with { exec in
            let peer = Caller.peer(GrantRule(.exec))
            guard case .peer(let identity) = peer else { return }
            let detached = try await start(exec, "sleep 100", from: peer)
            let (end, heard) = try await StreamClient().stream(
                StreamCommand(command: ["sh", "-c", "echo $$ ready; sleep 100"]), on: exec.service, from: peer
            ) { client in
                let heard = try await client.wait(for: "ready")
                exec.events.lose(.exec)
                exec.service.review(identity.id)
                return heard
            }
            #expect(try end.get().signal == "TERM")
            #expect(numbers(in: heard).filter(isAlive) == [])
            #expect(try await exec.service.get(GetJob(jobID: detached.jobID), from: .owner).state == .running)
            let error = await failure { try await exec.service.run(RunCommand(command: ["true"]), from: peer) }
            #expect(error?.code == .denied)
        }
    }

    @Test func `waiting has an end`() async throws {
        try await ExecFixture.with { exec in
            let job = try await start(exec, "sleep 100")
            for seconds in [0, 0.05] {
                let waited = try await exec.service.wait(WaitForJob(jobID: job.jobID, seconds: seconds), from: .owner)
                #expect(waited.state == .running)
            }
            let error = await failure {
                try await exec.service.wait(WaitForJob(jobID: job.jobID, seconds: 51), from: .owner)
            }
            #expect(error?.code == .requestInvalid)
        }
    }

    @Test func `a daemon that stops leaves the command to the next one`() async throws {
        try await ExecFixture.with { exec in
            let client = StreamClient()
            let running = Task {
                try await exec.service.stream(
                    StreamCommand(command: ["sh", "-c", "echo $$ ready; sleep 100"]), over: client.serviceEnd,
                    from: .owner)
            }
            let heard = try await client.wait(for: "ready")
            exec.service.prepareToStop()
            running.cancel()
            #expect(await failure { try await running.value }?.code == .linkLost)
            #expect(numbers(in: heard).allSatisfy(isAlive))
        }
    }

    @Test func `taking part does not lead`() async throws {
        try await ExecFixture.with { exec in
            let job = try await start(exec, "echo ready; sleep 100")
            let client = StreamClient()
            async let end = failure {
                try await exec.service.attach(AttachJob(jobID: job.jobID), over: client.serviceEnd, from: .owner)
            }
            try await client.wait(for: "ready")
            await client.goAway()
            #expect(await end?.code == .cancelled)
            #expect(try await exec.service.get(GetJob(jobID: job.jobID), from: .owner).state == .running)
        }
    }
}
