import KithAPI
import KithStore
import KithWire

/// The holder's side of leases: while an agent's session is held, its claims are renewed, whatever the agent is
/// busy with; when it ends, they are given back at once.
actor LeaseKeeper {
    private let tasks: TaskStore
    private let client: PeerClient
    private let watch: LeaseWatch
    private let sessions: AgentSessions
    private let home: String
    private var held = HeldLeases()
    private var holders: [TaskID: AgentSessions.Session] = [:]
    private var alarm: AsyncStream<Void>.Continuation?
    private var restsUntil: ContinuousClock.Instant?

    /// Seconds that a home has for an answer.
    static let seconds = 5.0

    /// - Parameter home: the beginning of this node's id, as it stands in the ids of its tasks.
    init(tasks: TaskStore, client: PeerClient, watch: LeaseWatch, sessions: AgentSessions, home: String) {
        self.tasks = tasks
        self.client = client
        self.watch = watch
        self.sessions = sessions
        self.home = home
    }

    /// That an agent of this node was granted a claim to a question asked at `moment`.
    func granted(_ claim: TaskClaim, to session: AgentSessions.Session, askedAt moment: ContinuousClock.Instant) {
        guard sessions.epoch(of: session.agent) == session.epoch else { return }
        holders[claim.task.id] = session
        receive(.granted(claim.task.id, token: claim.token, seconds: claim.leaseSeconds, askedAt: moment))
    }

    /// That a claim is over.
    func ended(_ task: TaskID) {
        holders[task] = nil
        receive(.ended(task))
    }

    /// That a session is held: what it claimed before is renewed at once; what older ones claimed is given back.
    func attach(_ session: AgentSessions.Session) async {
        for holding in (try? await tasks.holdings(of: session.agent)) ?? [] {
            guard holding.epoch == session.epoch else {
                await giveBack(holding.task, token: holding.token, "its session has ended")
                continue
            }
            holders[holding.task] = session
            let past = ContinuousClock.now - .seconds(holding.leaseSeconds) / 3
            receive(
                .granted(holding.task, token: holding.token, seconds: holding.leaseSeconds, askedAt: past))
        }
    }

    /// That a session has ended: everything it holds is given back.
    func release(_ session: AgentSessions.Session) async {
        for holding in (try? await tasks.holdings(of: session.agent)) ?? [] where holding.epoch == session.epoch {
            await giveBack(holding.task, token: holding.token, "the session of \(session.agent) has ended")
        }
    }

    /// Renews until cancelled; sleeps until something is due.
    func run() async throws {
        while !Task.isCancelled {
            for action in held.receive(.tick, now: .now) { perform(action) }
            let (stream, next) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            alarm = next
            restsUntil = held.wakeAt
            _ = await Alarm.ring(of: stream, until: restsUntil)
        }
    }

    private func receive(_ event: HeldLeases.Event) {
        for action in held.receive(event, now: .now) { perform(action) }
        if let due = held.wakeAt, restsUntil.map({ due < $0 }) ?? true { alarm?.yield() }
    }

    private func perform(_ action: HeldLeases.Action) {
        switch action {
        case .lost(let task): lose(task, "its lease could not be renewed in time")
        // A task of its own, because a home that is slow must not hold up the others.
        case .renew(let task, let token): Task { await renew(task, token) }
        }
    }

    private func renew(_ task: TaskID, _ token: Int) async {
        let askedAt = ContinuousClock.now
        do {
            let request = RenewTask(task: task, token: token)
            let claim = try await task.home == home ? renewHere(request) : renewThere(request)
            guard let session = holders[task] else { return }
            granted(claim, to: session, askedAt: askedAt)
        } catch let error as KithError where [.taskStale, .notFound, .denied].contains(error.code) {
            receive(.ended(task))
            lose(task, error.message)
        } catch {
            receive(.unreached(task))
        }
    }

    private func renewHere(_ request: RenewTask) async throws -> TaskClaim {
        let claim = try await tasks.renew(request, by: nil)
        await watch.granted(claim)
        return claim
    }

    private func renewThere(_ request: RenewTask) async throws -> TaskClaim {
        try await client.call(request, on: request.task.home, seconds: Self.seconds).checked()
    }

    private func lose(_ task: TaskID, _ reason: String) {
        guard let session = holders.removeValue(forKey: task) else { return }
        sessions.tell(session.agent, .lost, task: task, reason: reason)
    }

    private func giveBack(_ task: TaskID, token: Int, _ reason: String) async {
        ended(task)
        let request = ReleaseTask(task: task, token: token, reason: reason)
        if task.home == home {
            _ = try? await tasks.release(request, by: nil)
            await watch.ended(task)
        } else {
            // A home that is away takes it back when the lease is over.
            _ = try? await client.call(request, on: task.home, seconds: Self.seconds)
        }
        try? await tasks.drop(task)
    }
}
