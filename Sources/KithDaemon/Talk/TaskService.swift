import KithAPI
import KithDiscovery
import KithStore
import KithTrust
import KithWire

/// Answers about tasks. What lives here is decided here; for the rest, its home is asked.
struct TaskService: Sendable {
    let store: TaskStore
    let agents: AgentStore
    let client: PeerClient
    let roster: Roster
    /// Whose workers this node's are, or whose worker it is: others that are asked for work, though not watched.
    let relatives: @Sendable () -> [PeerID]
    let sessions: AgentSessions
    let watch: LeaseWatch
    let keeper: LeaseKeeper
    /// The beginning of this node's id, as it stands in the ids of its tasks.
    let home: String

    /// Seconds that another home has for an answer.
    private static let seconds = 10.0

    // MARK: Posting and looking

    func post(_ request: PostTask, from caller: Caller) async throws -> PostTask.Reply {
        let agent = caller.node == nil ? try await agents.find(request.agent).agent : request.agent ?? .main
        return try await store.post(request, by: TaskStore.Author(agent: agent, node: caller.node))
    }

    func list(_ request: ListTasks) async throws -> ListTasks.Reply { try await store.list(request) }

    func find(_ request: FindTasks, from caller: Caller) async throws -> FindTasks.Reply {
        try await store.find(request, isOwner: caller.node == nil)
    }

    func show(_ request: ShowTask, from caller: Caller) async throws -> TaskRecord {
        guard isElsewhere(request.task, caller) else { return try await store.show(request.task) }
        let record = try await ask(request, request.task)
        try await store.copy(record)
        return record
    }

    func cancel(_ request: CancelTask, from caller: Caller) async throws -> TaskRecord {
        guard !isElsewhere(request.task, caller) else { return try await ask(request, request.task) }
        let record = try await store.cancel(request, by: caller.node)
        await over(request.task)
        return record
    }

    func adopt(_ request: AdoptTask) async throws -> TaskRecord { try await store.adopt(request.task) }

    /// Sends events after a cursor and stays if asked to; -1 means only what is new.
    func follow(_ request: FollowTasks, write: @escaping @Sendable (TaskEvent) async throws -> Void) async throws {
        let bell = try store.bell()
        var rings = bell.makeAsyncIterator()
        var cursor = request.cursor ?? 0
        if cursor < 0 {
            cursor = try await store.lastEvent()
            try await write(TaskEvent(cursor: cursor, kind: "now"))
        }
        while true {
            let page = try await store.events(after: cursor, task: request.task)
            for event in page { try await write(event) }
            cursor = page.last?.cursor ?? cursor
            guard page.isEmpty else { continue }
            guard request.follow == true, await rings.next() != nil else { return }
        }
    }

    // MARK: Claiming

    func claim(_ request: ClaimTask, from caller: Caller) async throws -> TaskClaim {
        if let node = caller.node {
            return try await grant(request.task, Self.claimant(request.card, request.epoch, node))
        }
        let claimant = try await ownClaimant(request.agent, request.epoch)
        let askedAt = ContinuousClock.now
        guard isElsewhere(request.task, caller) else {
            return await keep(try await grant(request.task, claimant.0), claimant.1, askedAt)
        }
        var question = request
        (question.card, question.epoch) = (claimant.card, claimant.1.epoch)
        return try await keepForeign(try await ask(question, request.task).checked(), claimant.1, askedAt)
    }

    /// Waits as long as it may, if nothing fits now.
    func next(_ request: NextTask, from caller: Caller) async throws -> NextTask.Reply {
        let seconds = request.seconds ?? 0
        guard (0...50).contains(seconds) else {
            throw KithError(.requestInvalid, "`seconds` must be between 0 and 50.", hint: "Wait again afterwards.")
        }
        let reply = try await nextNow(request, from: caller)
        guard reply.claim == nil, seconds > 0 else { return reply }
        let isWide = request.everywhere == true && caller.node == nil
        let bell = TaskBell(tasks: store, client: client, peers: isWide ? await onlinePeers : [])
        return try await bell.wait(seconds) {
            let reply = try await nextNow(request, from: caller)
            return reply.claim == nil ? nil : reply
        } ?? reply
    }

    private var onlinePeers: [PeerID] {
        get async { await roster.snapshot().filter { $0.isPaired && $0.state.isOnline }.map(\.id) }
    }

    /// Here first; then, if asked to, on one paired node after the other.
    private func nextNow(_ request: NextTask, from caller: Caller) async throws -> NextTask.Reply {
        if let node = caller.node {
            return NextTask.Reply(claim: try await grantNext(Self.claimant(request.card, request.epoch, node)))
        }
        let claimant = try await ownClaimant(request.agent, request.epoch)
        let askedAt = ContinuousClock.now
        if let claim = try await grantNext(claimant.0) {
            return NextTask.Reply(claim: await keep(claim, claimant.1, askedAt))
        }
        guard request.everywhere == true else { return NextTask.Reply(claim: nil) }
        let question = NextTask(epoch: claimant.1.epoch, card: claimant.card)
        let online = await onlinePeers
        for peer in relatives() + online {
            let askedAt = ContinuousClock.now
            let reply = try? await client.call(question, on: peer.text, seconds: Self.seconds)
            guard let claim = try? reply?.claim?.checked() else { continue }
            return NextTask.Reply(claim: try await keepForeign(claim, claimant.1, askedAt))
        }
        return NextTask.Reply(claim: nil)
    }

    private typealias Own = (Claimant, AgentSessions.Session, card: AgentCard)

    private func ownClaimant(_ agent: AgentName?, _ epoch: Int?) async throws -> Own {
        let card = try await agents.find(agent)
        guard epoch ?? card.epoch == card.epoch else {
            throw KithError(
                .taskStale, "The epoch of \(card.agent) is \(card.epoch), not \(epoch ?? 0).",
                hint: "A later session of it has begun.")
        }
        let session = AgentSessions.Session(agent: card.agent, epoch: card.epoch)
        return (Claimant(card: card, epoch: card.epoch, node: nil), session, card)
    }

    private static func claimant(_ card: AgentCard?, _ epoch: Int?, _ node: PeerID) throws -> Claimant {
        guard let card else {
            throw KithError(
                .requestInvalid, "A node that claims for an agent sends its card.", hint: "Ask your own node.")
        }
        return Claimant(card: card, epoch: epoch ?? card.epoch, node: node)
    }

    private func grant(_ task: TaskID, _ claimant: Claimant) async throws -> TaskClaim {
        let claim = try await store.claim(task, for: claimant)
        await watch.granted(claim)
        return claim
    }

    private func grantNext(_ claimant: Claimant) async throws -> TaskClaim? {
        guard let claim = try await store.next(for: claimant) else { return nil }
        await watch.granted(claim)
        return claim
    }

    private func keep(
        _ claim: TaskClaim, _ session: AgentSessions.Session, _ askedAt: ContinuousClock.Instant
    ) async -> TaskClaim {
        await keeper.granted(claim, to: session, askedAt: askedAt)
        return claim
    }

    private func keepForeign(
        _ claim: TaskClaim, _ session: AgentSessions.Session, _ askedAt: ContinuousClock.Instant
    ) async throws -> TaskClaim {
        try await store.hold(claim, by: session.agent, epoch: session.epoch)
        return await keep(claim, session, askedAt)
    }

    // MARK: Working

    func renew(_ request: RenewTask, from caller: Caller) async throws -> TaskClaim {
        guard !isElsewhere(request.task, caller) else { return try await ask(request, request.task).checked() }
        let claim = try await store.renew(request, by: caller.node)
        await watch.granted(claim)
        return claim
    }

    func update(_ request: UpdateTask, from caller: Caller) async throws -> TaskRecord {
        guard !isElsewhere(request.task, caller) else { return try await ask(request, request.task) }
        let record = try await store.update(request, by: caller.node)
        await watch.granted(TaskClaim(task: record, token: record.token, leaseSeconds: record.leaseSeconds))
        return record
    }

    func complete(_ request: CompleteTask, from caller: Caller) async throws -> TaskRecord {
        try await end(request, request.task, caller) { try await store.complete(request, by: $0) }
    }

    func fail(_ request: FailTask, from caller: Caller) async throws -> TaskRecord {
        try await end(request, request.task, caller) { try await store.fail(request, by: $0) }
    }

    func release(_ request: ReleaseTask, from caller: Caller) async throws -> TaskRecord {
        try await end(request, request.task, caller) { try await store.release(request, by: $0) }
    }

    /// Ends a claim, here or at its home.
    private func end<C: Call>(
        _ request: C, _ task: TaskID, _ caller: Caller, _ here: (PeerID?) async throws -> TaskRecord
    ) async throws -> TaskRecord where C.Reply == TaskRecord {
        guard isElsewhere(task, caller) else {
            let record = try await here(caller.node)
            await over(task)
            return record
        }
        let record = try await ask(request, task)
        try await store.drop(task)
        await over(task)
        return record
    }

    private func over(_ task: TaskID) async {
        await watch.ended(task)
        await keeper.ended(task)
    }

    /// Whether the owner asks for a task of another node. A peer is never passed on: there is no second hop.
    private func isElsewhere(_ task: TaskID, _ caller: Caller) -> Bool { caller.node == nil && task.home != home }

    private func ask<C: Call>(_ request: C, _ task: TaskID) async throws -> C.Reply {
        do {
            return try await client.call(request, on: task.home, seconds: Self.seconds)
        } catch let error as KithError where error.code == .peerUnknown {
            throw KithError(.notFound, "The home of task \(task) is not paired with this node.")
        }
    }

    /// Forgets what is old.
    func sweep() async throws { try await store.sweep() }
}
