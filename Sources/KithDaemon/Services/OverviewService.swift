import KithAPI
import KithDiscovery
import KithExec
import KithStore

/// Answers with all that an owner looks at, again whenever something has changed.
struct OverviewService: Sendable {
    let status: StatusService
    let peers: PeersService
    let roster: Roster
    let exec: ExecService
    let store: Store
    let messages: MessageStore
    let tasks: TaskStore

    /// Between two overviews there is at least this; a burst of changes is one.
    private static let pause = Duration.milliseconds(250)
    /// After this the figures that nobody announces (latency, time) are sent anew.
    private static let longestSilence = Duration.seconds(10)

    /// Writes an overview, then one after each change, until cancelled.
    ///
    /// - Throws: `limited` where too many watch already.
    func watch(_ request: WatchNode, write: @escaping @Sendable (NodeOverview) async throws -> Void) async throws {
        guard request.once != true else { return try await write(try await overview()) }
        let (rings, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let bell = try store.bells.hangOnAll()
        let presences = await roster.changes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in bell { ring.yield() } }
            group.addTask { for await _ in presences { ring.yield() } }
            group.addTask { try await exec.follow(FollowApprovals(), from: .owner) { _ in ring.yield() } }
            group.addTask { try await Self.tick(ring) }
            group.addTask { try await tell(rings, write) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func tick(_ ring: AsyncStream<Void>.Continuation) async throws {
        while true {
            try await Task.sleep(for: longestSilence)
            ring.yield()
        }
    }

    private func tell(_ rings: AsyncStream<Void>, _ write: @Sendable (NodeOverview) async throws -> Void)
        async throws
    {
        var last = try await overview()
        var lastAt = ContinuousClock.now
        try await write(last)
        for await _ in rings {
            try await Task.sleep(for: Self.pause)
            let new = try await overview()
            let isLate = ContinuousClock.now - lastAt >= Self.longestSilence
            guard isLate || new.withoutFigures != last.withoutFigures else { continue }
            (last, lastAt) = (new, .now)
            try await write(new)
        }
    }

    /// How everything is now.
    func overview() async throws -> NodeOverview {
        let limit = NodeOverview.listLimit
        let everybody = await peers.list().peers
        var node = await status.report()
        // Workers are peers as well, whom the roster does not ask.
        node.peers = everybody.count { $0.status != .unpaired }
        node.peersOnline = everybody.count { $0.status == .online }
        let jobs = (try? await exec.list(ListJobs(), from: .owner).jobs) ?? []
        let active = try await tasks.list(ListTasks(active: true, limit: limit)).entries
        return NodeOverview(
            node: node, peerList: Array(everybody.prefix(limit)),
            jobList: Array((jobs.filter { $0.state == .running } + jobs.filter { $0.state != .running }).prefix(limit)),
            approvalList: await exec.approvals(ListApprovals(), from: .owner).approvals,
            messages: try await messages.counts(), tasks: try await tasks.counts(),
            taskList: active.map { task in
                var task = task
                task.body = nil
                return task
            })
    }
}

extension NodeOverview {
    /// Without what changes by itself with every look.
    fileprivate var withoutFigures: NodeOverview {
        var overview = self
        overview.node.uptime = 0
        for index in overview.peerList.indices {
            overview.peerList[index].lastSeen = nil
            overview.peerList[index].latency = nil
        }
        return overview
    }
}
