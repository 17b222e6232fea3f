import FoundationEssentials
import KithAPI
import KithTrust

/// One worker of a fleet, as its fleet knows it. It belongs to the fleet's actor and is never seen outside.
final class WorkerMember {
    let place: WorkerPlace
    let id: PeerID
    var isWanted: Bool
    var isSupervised = false
    var restarts = 0
    private(set) var process: WorkerProcess?
    private(set) var reason: String?
    private var isSettled = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var partings: [CheckedContinuation<Void, Never>] = []
    private var alarm: AsyncStream<Void>.Continuation?

    init(_ worker: FleetRecord.Worker, of node: WorkerFleet.Surroundings) throws {
        let der = Data(base64Encoded: worker.certificate) ?? Data()
        id = try Certificate(der: Array(der)).id
        place = try WorkerPlace(worker.name, of: node.folders, temporary: node.environment["TMPDIR"] ?? "/tmp")
        isWanted = worker.isWanted
    }

    /// What it is doing.
    var state: WorkerStatus.State {
        guard isWanted else { return process == nil ? .stopped : .running }
        return process != nil ? .running : reason != nil ? .waiting : .starting
    }

    /// Has it running, and returns when it no longer is, or was never; or the task is cancelled.
    func attend(in fleet: isolated WorkerFleet) async {
        do {
            let process = try await fleet.bring(place)
            (self.process, reason) = (process, nil)
            fleet.isRunning(self)
            settle()
            guard let end = await process.ended() else { return }
            (self.process, reason) = (nil, isWanted ? end.description : nil)
        } catch {
            (process, reason) = (nil, KithError(wrapping: error).message)
            settle()
        }
    }

    /// Rests before the next start, unless it is told to go on.
    func rest(for pause: Duration, in fleet: isolated WorkerFleet) async {
        let (alarms, alarm) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.alarm = alarm
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: pause) }
            group.addTask { for await _ in alarms { return } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Ends its rest.
    func wake() { alarm?.yield() }

    /// That it is to be waited for again.
    func unsettle() { (isSettled, reason) = (process != nil, nil) }

    /// That it cannot be started, and why.
    func cannotRun(_ reason: String) { self.reason = reason }

    /// That it runs, or does not for a reason that is known.
    func settle() {
        isSettled = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    /// Returns when it is settled.
    func settled(in fleet: isolated WorkerFleet) async {
        guard !isSettled else { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    /// That nobody looks after it any more.
    func release() {
        isSupervised = false
        for parting in partings { parting.resume() }
        partings = []
        settle()
    }

    /// Returns when nobody looks after it.
    func released(in fleet: isolated WorkerFleet) async {
        guard isSupervised else { return }
        await withCheckedContinuation { partings.append($0) }
    }

    /// Its daemon has ended; nobody wants it.
    func hasEnded() { (process, reason) = (nil, nil) }
}
