import FoundationEssentials
import KithAPI
import Testing

@testable import KithExec

@Suite struct ApprovalTests {
    private let asking = Caller.peer(GrantRule(.exec, .ask))

    /// Waits until something waits, and says what.
    private func waiting(_ exec: ExecFixture) async throws -> Approval {
        for await approval in await exec.service.approvals.follow() where approval.state == .pending { return approval }
        throw KithError(.cancelled, "Nothing waits.")
    }

    @Test func `an approved request runs, once, and the audit knows`() async throws {
        try await ExecFixture.with { exec in
            async let result = exec.service.run(RunCommand(command: ["echo", "hi"], stdin: "in"), from: asking)
            let approval = try await waiting(exec)
            #expect(approval.command == ["echo", "hi"])
            #expect(approval.program.hasSuffix("/bin/echo"))
            #expect(approval.folder == exec.home)
            #expect(approval.inputDigest?.count == 64)
            #expect(approval.inputSize == 2 && approval.inputStaysOpen == false)
            #expect(exec.service.runningCount == 0)
            let decision = DecideApproval(approvalID: approval.approvalID, approves: true)
            #expect(try await exec.service.decide(decision, from: .owner).state == .approved)
            #expect(try await result.stdout == "hi\n")
            #expect(await failure { try await exec.service.decide(decision, from: .owner) }?.code == .notFound)
            #expect(exec.events.all.map(\.result) == ["began", "approved"])
        }
    }

    @Test func `what a request reads, and may read later, is part of what is approved`() async throws {
        try await ExecFixture.with { exec in
            let service = exec.service
            let asks: [@Sendable () async throws -> Void] = [
                { _ = try await service.run(RunCommand(command: ["sh"]), from: asking) },
                {
                    _ = try await service.start(
                        StartCommand(command: ["sh"], stdin: "", keepsInput: true), from: asking)
                },
                { _ = try await service.start(StartCommand(command: ["sh"], keepsInput: true), from: asking) },
                {
                    _ = try await StreamClient().stream(StreamCommand(command: ["sh"]), on: service, from: asking) {
                        _ in
                    }
                },
            ]
            var inputs: [InputPromise] = []
            for ask in asks {
                let running = Task { try await ask() }
                let approval = try await waiting(exec)
                inputs.append(try InputPromise(approval))
                _ = try await service.decide(
                    DecideApproval(approvalID: approval.approvalID, approves: false), from: .owner)
                _ = try? await running.value
            }
            let open = InputPromise(nil, staysOpen: true)
            #expect(inputs == [InputPromise(), InputPromise([], staysOpen: true), open, open])
        }
    }

    @Test func `a denied request does not run`() async throws {
        try await ExecFixture.with { exec in
            async let error = failure {
                try await exec.service.run(RunCommand(command: ["touch", "made"]), from: asking)
            }
            let approval = try await waiting(exec)
            let other = Caller.peer("attic", 8, [GrantRule(.approve)])
            _ = try await exec.service.decide(
                DecideApproval(approvalID: approval.approvalID, approves: false), from: other)
            #expect(await error?.code == .approvalRefused)
            #expect(!FileManager.default.fileExists(atPath: exec.home + "/made"))
        }
    }

    @Test func `nobody's word is no`() async throws {
        try await ExecFixture.with(limits: .quick) { exec in
            let error = await failure { try await exec.service.run(RunCommand(command: ["true"]), from: asking) }
            #expect(error?.code == .approvalRefused)
            #expect(exec.events.all.map(\.result) == ["began", "expired"])
        }
    }

    @Test func `nobody approves for itself`() async throws {
        try await ExecFixture.with { exec in
            let running = Task { try await exec.service.run(RunCommand(command: ["true"]), from: asking) }
            let approval = try await waiting(exec)
            let own = Caller.peer(GrantRule(.exec, .ask), GrantRule(.approve))
            let decision = DecideApproval(approvalID: approval.approvalID, approves: true)
            #expect(await failure { try await exec.service.decide(decision, from: own) }?.code == .denied)
            running.cancel()
            #expect(await failure { try await running.value }?.code == .cancelled)
        }
    }

    @Test func `a program that was swapped meanwhile is refused`() async throws {
        try await ExecFixture.with { exec in
            try exec.file("tool", "#!/bin/sh\necho good\n")
            async let error = failure {
                try await exec.service.run(RunCommand(command: ["./tool"]), from: asking)
            }
            let approval = try await waiting(exec)
            try exec.file("tool", "#!/bin/sh\necho evil\n")
            _ = try await exec.service.decide(
                DecideApproval(approvalID: approval.approvalID, approves: true), from: .owner)
            #expect(await error?.code == .conflict)
        }
    }

    @Test func `the asking side is told, and its going withdraws the request`() async throws {
        try await ExecFixture.with { exec in
            let (end, approval) = try await StreamClient().stream(
                StreamCommand(command: ["cat"]), on: exec.service, from: asking
            ) { client in
                let news = try #require(try await client.receive()).decode(CommandNews.self)
                #expect(news == CommandNews(waitsForApproval: 120))
                let approval = try await waiting(exec)
                try await client.send(Frame(.data, Array("early".utf8)))
                await client.goAway()
                return approval
            }
            #expect(throws: KithError.self) { try end.get() }
            let decision = DecideApproval(approvalID: approval.approvalID, approves: true)
            #expect(await failure { try await exec.service.decide(decision, from: .owner) }?.code == .notFound)
            #expect(exec.service.runningCount == 0)
        }
    }

    @Test func `eight of a peer wait, not nine`() async throws {
        try await ExecFixture.with { exec in
            let running = (0..<8).map { _ in
                Task { try await exec.service.run(RunCommand(command: ["true"]), from: asking) }
            }
            while await exec.service.approvals.list().count < 8 { await Task.yield() }
            let error = await failure { try await exec.service.run(RunCommand(command: ["true"]), from: asking) }
            #expect(error?.code == .limited)
            for task in running { task.cancel() }
            for task in running { _ = try? await task.value }
            #expect(await exec.service.approvals.list() == [])
        }
    }

    @Test func `a peer that lost its leave waits no longer`() async throws {
        try await ExecFixture.with { exec in
            guard case .peer(let peer) = asking else { return }
            let running = Task { try await exec.service.run(RunCommand(command: ["true"]), from: asking) }
            _ = try await waiting(exec)
            exec.events.lose(.exec)
            exec.events.lose(.terminal)
            exec.service.review(peer.id)
            #expect(await failure { try await running.value }?.code == .cancelled)
        }
    }
}

extension InputPromise {
    /// What `approval` tells its reader.
    fileprivate init(_ approval: Approval) throws(KithError) {
        guard let staysOpen = approval.inputStaysOpen else { throw KithError(.internalError, "It does not say.") }
        self = InputPromise(approval.inputDigest == nil ? nil : [], staysOpen: staysOpen)
        #expect(approval.inputDigest == digest && approval.inputSize == size)
    }
}
