import Foundation
import KithAPI
import KithTestKit
import Synchronization
import Testing

/// Lines of the acceptance list of the design that are about tasks; the number stands in each name.
struct TaskTests {
    private func post(_ mesh: Mesh, at node: String, _ request: PostTask = PostTask(title: "t")) async throws -> TaskID
    {
        try await mesh.ask(request, at: node).task.id
    }

    @Test func `a task is claimed, worked on and completed from another node`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let task = try await post(mesh, at: "studio")

            let claim = try await mesh.ask(ClaimTask(task: task), at: "laptop")
            _ = try await mesh.ask(UpdateTask(task: task, token: claim.token, progress: "half"), at: "laptop")
            let taken = await refusal { try await mesh.ask(ClaimTask(task: task), at: "studio") }
            let done = try await mesh.ask(CompleteTask(task: task, token: claim.token, result: "ok"), at: "laptop")

            #expect(taken?.code == .taskHeld)
            #expect(done.state == .done && done.result == "ok")
            let kinds = try await mesh["studio"].client.feed(FollowTasks()).reduce(into: []) { $0.append($1.kind) }
            #expect(kinds == ["posted", "claimed", "updated", "done"])
        }
    }

    @Test func `6 a silent agent keeps its lease while its session is held, and loses it at once afterwards`()
        async throws
    {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh.register("nobody", at: "studio")
            let request = PostTask(title: "t", leaseSeconds: 5)
            let (kept, lost) = try await (post(mesh, at: "studio", request), post(mesh, at: "studio", request))
            _ = try await mesh.ask(ClaimTask(task: lost), at: "laptop")
            try await mesh.holding("worker", at: "laptop") {
                let claim = try await mesh.ask(ClaimTask(task: kept, agent: AgentName("worker")), at: "laptop")
                // The lease that nobody renews tells us when a lease and its grace are over.
                try await mesh.until("the lease lapses", at: "studio") {
                    try await mesh.ask(ShowTask(task: lost), at: "studio").state == .open
                }
                try await mesh.pause(2, at: "studio")
                let record = try await mesh.ask(ShowTask(task: kept), at: "studio")
                #expect(record.state == .claimed && record.token == claim.token)
            }
            try await mesh.until("the claim is given back", at: "studio") {
                try await mesh.ask(ShowTask(task: kept), at: "studio").state == .open
            }
            let events = try await mesh["studio"].client.feed(FollowTasks(task: kept)).reduce(into: []) {
                $0.append($1.kind)
            }
            #expect(events == ["posted", "claimed", "released"])
        }
    }

    @Test func `7 a partition never makes two claims of one task`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let task = try await post(mesh, at: "studio", PostTask(title: "t", leaseSeconds: 1))
            let first = try await mesh.ask(ClaimTask(task: task), at: "laptop")
            await mesh.cut("studio")
            let cutOff = await refusal { try await mesh.ask(ClaimTask(task: task), at: "laptop") }
            let tooEarly = await refusal { try await mesh.ask(ClaimTask(task: task), at: "studio") }
            try await mesh.until("the lease lapses", at: "studio") {
                try await mesh.ask(ShowTask(task: task), at: "studio").state == .open
            }
            let second = try await mesh.ask(ClaimTask(task: task), at: "studio")
            try await mesh.heal("studio")
            try await mesh["laptop"].waitUntilOnline("studio")

            let late = await refusal {
                try await mesh.ask(CompleteTask(task: task, token: first.token), at: "laptop")
            }

            #expect(cutOff?.code == .peerOffline)
            #expect(tooEarly?.code == .taskHeld)
            #expect(second.token == first.token + 1)
            #expect(late?.code == .taskStale)
        }
    }

    @Test func `9 the same key from 16 clients on each of 3 nodes makes one task and an exact count`() async throws {
        try await withMesh(["laptop", "studio", "nas"]) { mesh in
            let request = PostTask(title: "Disk is full", dedupeKey: "disk")
            let replies = try await withThrowingTaskGroup(of: PostTask.Reply.self) { group in
                for node in ["laptop", "studio", "nas"] {
                    for _ in 0..<16 {
                        group.addTask {
                            try await knocking {
                                try await mesh.ask(request, at: node, on: node == "studio" ? nil : "studio")
                            }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(replies.count { !$0.isRepeat } == 1)
            let tasks = try await mesh.ask(ListTasks(active: true), at: "studio").entries
            #expect(tasks.map(\.occurrences) == [48])
        }
    }

    @Test func `a task waits for what it needs on another node, through a partition`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let need = try await post(mesh, at: "studio")
            let task = try await post(mesh, at: "laptop", PostTask(title: "after", needs: [need]))
            #expect(await refusal { try await mesh.ask(ClaimTask(task: task), at: "laptop") }?.code == .conflict)
            await mesh.cut("studio")
            _ = try await mesh.ask(ClaimTask(task: need), at: "studio")
            _ = try await mesh.ask(CompleteTask(task: need, token: 1), at: "studio")

            try await mesh.heal("studio")

            try await mesh.until("the task is ready", at: "laptop") {
                try await mesh.ask(ShowTask(task: task), at: "laptop").isReady
            }
            #expect(try await mesh.ask(ClaimTask(task: task), at: "laptop").token == 1)
        }
    }

    @Test func `whoever posted a task is told when it is given up`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let task = try await mesh.ask(PostTask(title: "t"), at: "laptop", on: "studio").task.id
            _ = try await mesh.ask(ClaimTask(task: task), at: "studio")

            _ = try await mesh.ask(FailTask(task: task, token: 1, reason: "no disk", isFinal: true), at: "studio")

            let notice = try #require(try await mesh.inbox(at: "laptop", count: 1).first?.message)
            #expect(notice.from == "kith@studio" && notice.task == task)
            #expect(notice.body == "Task \(task) was given up: no disk.")
        }
    }

    @Test func `claim-next finds work on other nodes, as far as the card fits`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let task = try await post(mesh, at: "studio", PostTask(title: "t", target: ["cap:build"]))
            #expect(try await mesh.ask(NextTask(everywhere: true), at: "laptop").claim == nil)
            try await mesh.register("builder", at: "laptop", caps: ["build"])

            let claim = try await mesh.ask(NextTask(agent: AgentName("builder"), everywhere: true), at: "laptop").claim

            #expect(claim?.task.id == task && claim?.task.holder == "builder@laptop")
        }
    }

    @Test(arguments: ["laptop", "studio"])
    func `claim-next waits for work, here and elsewhere`(home: String) async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            try await mesh.register("nobody", at: "studio")
            async let waiting = mesh.ask(NextTask(everywhere: true, seconds: 30), at: "laptop")
            try await mesh.pause(0.2, at: "studio")
            let begun = ContinuousClock.now
            let task = try await post(mesh, at: home)

            let claim = try await waiting.claim

            #expect(claim?.task.id == task && claim?.task.holder == "main@laptop")
            #expect(ContinuousClock.now - begun < .seconds(10))
        }
    }

    @Test func `claim-next gets a task that was put off as soon as it is due, and gives up in time`() async throws {
        try await withMesh(["laptop"]) { mesh in
            let task = try await post(mesh, at: "laptop")
            _ = try await mesh.ask(ClaimTask(task: task), at: "laptop")
            _ = try await mesh.ask(FailTask(task: task, token: 1, reason: "again"), at: "laptop")

            let early = try await mesh.ask(NextTask(seconds: 0.2), at: "laptop").claim
            let due = try await mesh.ask(NextTask(seconds: 30), at: "laptop").claim

            #expect(early == nil && due?.task.id == task && due?.token == 2)
            #expect(await refusal { try await mesh.ask(NextTask(seconds: 51), at: "laptop") }?.code == .requestInvalid)
        }
    }

    @Test func `a peer without the grant can neither post nor claim`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let task = try await post(mesh, at: "studio")
            _ = try await mesh.ask(GrantPeer(peer: "laptop", remove: [.task]), at: "studio")

            let posted = await refusal { try await mesh.ask(PostTask(title: "x"), at: "laptop", on: "studio") }
            let claimed = await refusal { try await mesh.ask(ClaimTask(task: task), at: "laptop") }

            #expect([posted?.code, claimed?.code] == [.denied, .denied])
        }
    }

    @Test func `a value that stands under a claim is refused once somebody else has claimed the task`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let task = try await post(mesh, at: "studio")
            let first = try await mesh.ask(ClaimTask(task: task), at: "laptop")
            let owned = SetContext(key: "k", value: "mine", task: task, token: first.token)
            _ = try await mesh.ask(owned, at: "laptop", on: "studio")
            _ = try await mesh.ask(ReleaseTask(task: task, token: first.token), at: "laptop")
            _ = try await mesh.ask(ClaimTask(task: task), at: "studio")

            let error = await refusal { try await mesh.ask(owned, at: "laptop", on: "studio") }

            #expect(error?.code == .taskStale)
            #expect(try await mesh.ask(GetContext(key: "k"), at: "studio").version == 1)
        }
    }

    /// The home of the task has the command and the file; the stale holder asks over the mesh.
    @Test func `5 what a stale holder asks to run does not run, and what it sends is not written`() async throws {
        try await withMesh(["laptop", "studio"]) { mesh in
            let (laptop, studio) = (mesh["laptop"], mesh["studio"])
            let task = try await post(mesh, at: "studio")
            let stale = try await mesh.ask(ClaimTask(task: task), at: "laptop")
            _ = try await mesh.ask(ReleaseTask(task: task, token: stale.token), at: "laptop")
            let late = try await mesh.ask(ClaimTask(task: task), at: "studio")
            try Data("text".utf8).write(to: laptop.userHome.appendingPathComponent("source"))

            for (claim, result) in [(stale, "stale"), (late, "late")] {
                let (task, token) = (task, claim.token)
                let run = RunCommand(shell: "touch run-\(result)").behind(task, token: token)
                let start = StartCommand(shell: "touch start-\(result)").behind(task, token: token)
                let stream = StreamCommand(shell: "touch stream-\(result)").behind(task, token: token)
                let send = SendFiles(
                    peer: "studio", sources: ["\(laptop.userHome.path)/source"], destination: "send-\(result)"
                ).behind(task, token: token)
                let write = WriteFile(path: "write-\(result)").behind(task, token: token)
                let codes = [
                    await refusal { try await mesh.ask(run, at: "laptop", on: "studio") },
                    await refusal { try await finish(try await mesh.ask(start, at: "laptop", on: "studio"), mesh) },
                    await refusal {
                        try await laptop.client.pipe(stream, on: .peer("studio")) { try await $0.drain() }
                    },
                    await refusal { try await laptop.client.feed(send).reduce(into: ()) { _, _ in } },
                    await refusal {
                        try await laptop.client.pipe(write, on: .peer("studio")) { try await $0.finish() }
                    },
                ].map { $0?.code }
                #expect(codes == [ErrorCode?](repeating: result == "stale" ? .taskStale : nil, count: 5))
            }

            let names = try FileManager.default.contentsOfDirectory(atPath: studio.userHome.path).sorted()
            #expect(
                names.filter { $0.contains("-late") || $0.contains("-stale") }
                    == ["run-late", "send-late", "start-late", "stream-late", "write-late"])
        }
    }

    private func finish(_ job: Job, _ mesh: Mesh) async throws {
        _ = try await mesh.ask(WaitForJob(jobID: job.jobID), at: "laptop", on: "studio")
    }

    @Test func `half a claim is refused`() async throws {
        try await withMesh(["laptop"]) { mesh in
            let task = try await post(mesh, at: "laptop")
            let half = RunCommand(command: ["true"]).behind(task, token: nil)
            #expect(await refusal { try await mesh.ask(half, at: "laptop") }?.code == .requestInvalid)
        }
    }
}

extension Duplex {
    /// Reads until the other side has said how it ended.
    fileprivate func drain() async throws {
        while let frame = try await receive(), frame.kind != .end {
            if frame.kind == .failure { throw try frame.decode(KithError.self) }
        }
    }

    /// Sends an empty text, and waits for the end.
    fileprivate func finish() async throws {
        try await send(Frame(.end))
        try await drain()
    }
}

/// Asks again when the peer's door was too crowded to shake hands: nothing was asked then.
private func knocking<Value>(_ ask: () async throws -> Value) async throws -> Value {
    while true {
        do {
            return try await ask()
        } catch let error as KithError where error.code == .peerNotPaired {
            await Task.yield()
        }
    }
}
