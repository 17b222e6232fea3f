import KithAPI
import KithDiscovery
import KithStore
import KithWire

/// Watches, at their homes, the tasks that tasks of this node need: one feed per home, as long as there are any.
actor NeedsWatch {
    private let tasks: TaskStore
    private let client: PeerClient
    private let roster: Roster
    private var followed: Set<String> = []

    private static let seconds = 10.0

    init(tasks: TaskStore, client: PeerClient, roster: Roster) {
        self.tasks = tasks
        self.client = client
        self.roster = roster
    }

    /// Follows until cancelled; sleeps while nothing of another node is needed.
    func run() async throws {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, let bell = try? tasks.needsBell() {
                for home in Set(await needs().map(\.home)) where followed.insert(home).inserted {
                    group.addTask { await self.follow(home) }
                }
                _ = await Alarm.ring(of: bell, until: nil)
            }
            group.cancelAll()
        }
    }

    private func needs(of home: String? = nil) async -> [TaskID] {
        let all = (try? await tasks.foreignNeeds()) ?? []
        return all.filter { home == nil || $0.home == home }
    }

    /// Follows one home until nothing of it is needed any more; pauses while it is away.
    private func follow(_ home: String) async {
        var backoff = Backoff()
        while !Task.isCancelled, await !needs(of: home).isEmpty {
            let begun = ContinuousClock.now
            await listen(to: home)
            if ContinuousClock.now - begun > .seconds(60) { _ = backoff.receive(.succeeded, jitter: 0) }
            guard await !needs(of: home).isEmpty else { break }
            await waitForReturn(of: home, backoff.receive(.failed, jitter: .random(in: 0..<1)) ?? .seconds(1))
        }
        followed.remove(home)
    }

    /// Hears what happens at a home until the line breaks, the home goes away, or nothing of it is needed.
    private func listen(to home: String) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await self.client.follow(FollowTasks(cursor: -1, follow: true), on: home) { event in
                    await self.take(event, from: home)
                }
            }
            group.addTask { await self.waitUntil(home, isOnline: false) }
            group.addTask { await self.waitUntilNothingIsNeeded(of: home) }
            await group.next()
            group.cancelAll()
        }
    }

    private func take(_ event: TaskEvent, from home: String) async {
        let needs = await needs(of: home)
        guard event.kind != "now" else {
            for need in needs { await look(at: need) }
            return
        }
        guard let task = event.task, needs.contains(task), let state = TaskState(rawValue: event.kind) else { return }
        await settle(task, state)
    }

    /// What became of a need while nobody listened.
    private func look(at need: TaskID) async {
        do {
            await settle(need, try await client.call(ShowTask(task: need), on: need.home, seconds: Self.seconds).state)
        } catch let error as KithError where error.code == .notFound {
            await settle(need, .cancelled)
        } catch {
            // The feed breaks as well then, and all is asked again after a pause.
        }
    }

    private func settle(_ need: TaskID, _ state: TaskState) async {
        switch state {
        case .done: try? await tasks.meet(need)
        case .failed, .cancelled: try? await tasks.disappoint(need, state)
        default: break
        }
    }

    private func waitUntilNothingIsNeeded(of home: String) async {
        while !Task.isCancelled, let bell = try? tasks.needsBell() {
            guard await !needs(of: home).isEmpty else { return }
            _ = await Alarm.ring(of: bell, until: nil)
        }
    }

    private func waitForReturn(of home: String, _ pause: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: pause) }
            group.addTask { await self.waitUntilItComesBack(home) }
            await group.next()
            group.cancelAll()
        }
    }

    /// A node that is online all the time does not come back.
    private func waitUntilItComesBack(_ home: String) async {
        await waitUntil(home, isOnline: false)
        await waitUntil(home, isOnline: true)
    }

    private func waitUntil(_ home: String, isOnline: Bool) async {
        let changes = await roster.changes()
        if await roster.snapshot().contains(where: { $0.id.short == home && $0.state.isOnline == isOnline }) { return }
        for await change in changes {
            guard case .changed(let presence) = change, presence.id.short == home else { continue }
            if presence.state.isOnline == isOnline { return }
        }
    }
}
