import KithAPI
import KithStore

/// The home's side of leases: takes tasks from holders whose time is over. Sleeps until the first is due.
actor LeaseWatch {
    private let tasks: TaskStore
    private var clock = LeaseClock()
    private var alarm: AsyncStream<Void>.Continuation?
    private var restsUntil: ContinuousClock.Instant?

    init(tasks: TaskStore) { self.tasks = tasks }

    /// That a claim was granted or renewed just now.
    func granted(_ claim: TaskClaim) {
        _ = clock.receive(.granted(claim.task.id, token: claim.token, seconds: claim.leaseSeconds), now: .now)
        if let due = clock.wakeAt, restsUntil.map({ due < $0 }) ?? true { alarm?.yield() }
    }

    /// That a claim has ended.
    func ended(_ task: TaskID) { _ = clock.receive(.ended(task), now: .now) }

    /// Watches until cancelled; claims from before the start get their whole time again.
    func run() async throws {
        for record in try await tasks.granted() {
            granted(TaskClaim(task: record, token: record.token, leaseSeconds: record.leaseSeconds))
        }
        while !Task.isCancelled {
            for action in clock.receive(.tick, now: .now) { await perform(action) }
            let (stream, next) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            alarm = next
            restsUntil = clock.wakeAt
            _ = await Alarm.ring(of: stream, until: restsUntil)
        }
    }

    private func perform(_ action: LeaseClock.Action) async {
        switch action {
        case .lapse(let task, let token):
            do {
                _ = try await tasks.lapse(task, token: token)
            } catch {
                _ = clock.receive(.unwritten(task, token: token), now: .now)
            }
        }
    }
}
