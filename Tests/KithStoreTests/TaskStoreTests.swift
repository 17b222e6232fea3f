import Foundation
import KithAPI
import Testing

@testable import KithStore

struct TaskStoreTests {
    private let me = TaskStore.Author(agent: .main, node: nil)

    private func post(_ node: Fleet.Node, _ request: PostTask = PostTask(title: "t")) async throws -> TaskID {
        try await node.tasks.post(request, by: me).task.id
    }

    @Test(arguments: [Int.max, .min, -1]) func `events after any cursor are answered`(cursor: Int) async throws {
        try await Fleet.with { fleet in
            _ = try await post(fleet.laptop)
            let events = try await fleet.laptop.tasks.events(after: cursor, task: nil)
            #expect(events.filter { $0.kind == "posted" }.count == (cursor < 1 ? 1 : 0))
        }
    }

    @Test(arguments: ["", "@", "a@b@c", "a@", "@b@c", "label:", "two words"])
    func `a target that can mean nobody is refused`(target: String) async throws {
        try await Fleet.with { fleet in
            let error = await failure { try await post(fleet.laptop, PostTask(title: "t", target: [target])) }
            #expect(error?.code == .requestInvalid)
        }
    }

    @Test(arguments: [Int.min, -1, 0, 3_601, .max])
    func `a lease that no home grants is not believed`(seconds: Int) async throws {
        try await Fleet.with { fleet in
            let task = try await post(fleet.laptop)
            var claim = try await fleet.laptop.tasks.claim(task, for: fleet.laptop.claimant())
            #expect(try claim.checked() == claim)
            claim.leaseSeconds = seconds
            #expect(throws: KithError.self) { try claim.checked() }
        }
    }

    @Test func `of many that claim at once exactly one gets the task`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let task = try await post(node)
            for name in (0..<32).map({ "a\($0)" }) { try await node.register(name) }

            let claims = await withTaskGroup(of: TaskClaim?.self) { group in
                for number in 0..<32 {
                    group.addTask { try? await node.tasks.claim(task, for: node.claimant("a\(number)")) }
                }
                return await group.reduce(into: [TaskClaim]()) { if let claim = $1 { $0.append(claim) } }
            }

            #expect(claims.map(\.token) == [1])
        }
    }

    @Test func `the same agent and epoch get the same answer, an older epoch is refused, a later one claims anew`()
        async throws
    {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let task = try await post(node)
            let first = try await node.tasks.claim(task, for: node.claimant(epoch: 2))

            let again = try await node.tasks.claim(task, for: node.claimant(epoch: 2))
            let older = await failure { try await node.tasks.claim(task, for: node.claimant(epoch: 1)) }
            let later = await failure { try await node.tasks.claim(task, for: node.claimant(epoch: 3)) }

            #expect(again.token == first.token)
            #expect(older?.code == .taskStale)
            #expect(later?.code == .taskHeld)
        }
    }

    @Test func `a holder whose lease ran out may come back, unless somebody else was faster`() async throws {
        try await Fleet.with { fleet in
            let (node, other) = (fleet.laptop, fleet.studio)
            let task = try await post(node, PostTask(title: "t", maximumAttempts: 9))
            let first = try await node.tasks.claim(task, for: node.claimant())
            #expect(try await node.tasks.lapse(task, token: 1)?.state == .open)
            let renewed = try await node.tasks.renew(RenewTask(task: task, token: first.token), by: nil)
            #expect(renewed.token == 1)
            #expect(try await node.tasks.show(task).state == .working)

            _ = try await node.tasks.lapse(task, token: 1)
            let second = try await node.tasks.claim(task, for: node.claimant(from: other))
            let late = await failure { try await node.tasks.complete(CompleteTask(task: task, token: 1), by: nil) }

            #expect(second.token == 2)
            #expect(late?.code == .taskStale)
            #expect(late?.details?["token"] == "2")
            #expect(try await node.tasks.lapse(task, token: 1) == nil)
            #expect(try await node.tasks.complete(CompleteTask(task: task, token: 2), by: other.id).state == .done)
            #expect(try await node.tasks.complete(CompleteTask(task: task, token: 2), by: other.id).state == .done)
        }
    }

    @Test func `only the node that holds a claim may use its token`() async throws {
        try await Fleet.with { fleet in
            let (node, other) = (fleet.laptop, fleet.studio)
            let task = try await post(node)
            let claim = try await node.tasks.claim(task, for: node.claimant())

            let error = await failure {
                try await node.tasks.complete(CompleteTask(task: task, token: claim.token), by: other.id)
            }

            #expect(error?.code == .denied)
        }
    }

    @Test func `work under a claim passes, and under an older one it does not`() async throws {
        try await Fleet.with { fleet in
            let (node, other) = (fleet.laptop, fleet.studio)
            let task = try await post(node)
            _ = try await node.tasks.claim(task, for: node.claimant())
            try await node.tasks.pass(task, token: 1)
            _ = try await node.tasks.lapse(task, token: 1)
            _ = try await node.tasks.claim(task, for: node.claimant(from: other))

            let set = await failure {
                try await node.store.context.set(
                    SetContext(key: "k", value: "v", task: task, token: 1), from: .owner,
                    behind: node.tasks.fence(task, token: 1))
            }
            #expect(set?.code == .taskStale)
            #expect(
                await failure { try await node.store.context.get(GetContext(key: "k"), from: .owner) }?.code
                    == .notFound)

            // Another node knows what it has seen.
            try await other.tasks.pass(task, token: 2)
            #expect(await failure { try await other.tasks.pass(task, token: 1) }?.code == .taskStale)
        }
    }

    @Test func `the next task is the most urgent, then the oldest, that fits the agent`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let low = try await post(node)
            let high = try await post(node, PostTask(title: "h", priority: 5))
            let build = try await post(node, PostTask(title: "b", target: ["cap:build"], priority: 9))
            _ = try await post(node, PostTask(title: "n", needs: [build], priority: 10))

            let taken = try await [
                node.tasks.next(for: node.claimant("a")), node.tasks.next(for: node.claimant("b", caps: ["build"])),
                node.tasks.next(for: node.claimant("c")), node.tasks.next(for: node.claimant("d")),
            ]

            #expect(taken.map { $0?.task.id } == [high, build, low, nil])
        }
    }

    @Test func `a task is ready when all it needs is done`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let foreign = TaskID.example
            let need = try await post(node)
            let task = try await post(node, PostTask(title: "t", needs: [need, foreign]))
            #expect(try await node.tasks.foreignNeeds() == [foreign])
            _ = try await node.tasks.claim(need, for: node.claimant())
            _ = try await node.tasks.complete(CompleteTask(task: need, token: 1), by: nil)
            #expect(await failure { try await node.tasks.claim(task, for: node.claimant()) }?.code == .conflict)

            try await node.tasks.meet(foreign)

            #expect(try await node.tasks.claim(task, for: node.claimant()).token == 1)
            #expect(try await node.tasks.events(after: 0, task: task).map(\.kind) == ["posted", "ready", "claimed"])
        }
    }

    @Test func `a failure is tried again after a pause, and the last one is final`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let task = try await post(node, PostTask(title: "t", maximumAttempts: 2))
            _ = try await node.tasks.claim(task, for: node.claimant())
            let failed = try await node.tasks.fail(FailTask(task: task, token: 1, reason: "red"), by: nil)
            #expect(failed.state == .open && failed.attempts == 1 && failed.notBefore != nil)
            #expect(try await node.tasks.next(for: node.claimant()) == nil)
            #expect(try await node.tasks.secondsUntilDue() == 5)
            fleet.clock.advance(seconds: 5)
            _ = try await node.tasks.claim(task, for: node.claimant())

            let last = try await node.tasks.fail(FailTask(task: task, token: 2, reason: "red"), by: nil)

            #expect(last.state == .failed && last.attempts == 2)
        }
    }

    @Test func `one active task per key, counted exactly, until it is resolved`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let replies = try await withThrowingTaskGroup(of: PostTask.Reply.self) { group in
                for _ in 0..<48 {
                    group.addTask { try await node.tasks.post(PostTask(title: "t", dedupeKey: "disk"), by: me) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(replies.map(\.task.id)).count == 1)
            #expect(replies.count { !$0.isRepeat } == 1)
            #expect(replies.map(\.task.occurrences).max() == 48)

            let closed = try await node.tasks.post(PostTask(title: "t", dedupeKey: "disk", resolved: true), by: me)
            let anew = try await node.tasks.post(PostTask(title: "t", dedupeKey: "disk"), by: me)

            #expect(closed.task.state == .done)
            #expect(anew.task.id != closed.task.id && anew.task.occurrences == 1)
        }
    }

    @Test func `events that were forgotten are said to be missing`() async throws {
        try await Fleet.with { fleet in
            var limits = TaskLimits()
            limits.events = 3
            let tasks = TaskStore(fleet.laptop.store, naming: fleet.laptop.tasks.naming, limits: limits)
            for _ in 1...5 { _ = try await tasks.post(PostTask(title: "t"), by: me) }

            let events = try await tasks.events(after: 1, task: nil)

            #expect(events.map(\.cursor) == [2, 3, 4, 5])
            #expect(events.first?.gap == CursorGap(from: 2, to: 2))
        }
    }

    @Test func `a task of a dead home goes on here, and its old tokens do not`() async throws {
        try await Fleet.with { fleet in
            let (home, here) = (fleet.studio, fleet.laptop)
            let old = try await post(home, PostTask(title: "t", body: "do it"))
            let claim = try await home.tasks.claim(old, for: home.claimant(from: here))
            try await here.tasks.hold(claim, by: .main, epoch: 1)

            let adopted = try await here.tasks.adopt(old)

            #expect(adopted.id != old && adopted.body == "do it" && adopted.state == .open)
            #expect(await failure { try await here.tasks.pass(old, token: 1) }?.code == .taskStale)
            #expect(try await here.tasks.claim(adopted.id, for: here.claimant()).token == 2)
            #expect(await failure { try await here.tasks.adopt(old) }?.code == .notFound)
        }
    }
}
