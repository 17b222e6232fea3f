public import FoundationEssentials
public import KithAPI
import KithClient
public import KithKeeper
public import KithTrust

/// The workers of this node: makes them, starts them, finds them again, keeps them running, vouches for them.
///
/// A worker outlives this process: cancelling ``run()`` leaves all of them as they are.
public actor WorkerFleet {
    /// What the fleet must know of its node.
    public struct Surroundings: Sendable {
        /// The node's folders.
        public let folders: Folders
        /// What the daemons of workers get, KITH_HOME aside.
        public let environment: [String: String]
        /// The path of `kithd`, and that of `kith`.
        public let programs: (daemon: String, companion: String)
        /// Where the daemons of workers are put.
        public let scope: ServiceScope
        /// What signs the vouchers.
        public let identity: Identity
        /// What the node calls itself.
        public let name: @Sendable () -> PeerName
        /// The node's clock.
        public let now: @Sendable () -> Date
        /// Told on each change: the node itself trusts its workers.
        public let changed: @Sendable (Household, [WorkerVoucher]) -> Void

        /// All of it.
        public init(
            folders: Folders, environment: [String: String], programs: (daemon: String, companion: String),
            scope: ServiceScope = .none, identity: Identity, name: @escaping @Sendable () -> PeerName,
            now: @escaping @Sendable () -> Date,
            changed: @escaping @Sendable (Household, [WorkerVoucher]) -> Void
        ) {
            (self.folders, self.environment, self.programs, self.scope) = (folders, environment, programs, scope)
            (self.identity, self.name, self.now, self.changed) = (identity, name, now, changed)
        }
    }

    let node: Surroundings
    var record = FleetRecord()
    var members: [PeerName: WorkerMember] = [:]
    var isOpen = false
    /// Whether anything of ours stands on the disk, or is to.
    var isWritten = false
    var waitingForDoor: [CheckedContinuation<Void, Never>] = []
    /// How many starts are under way that will tell all at their end.
    var batches = 0
    let news = FleetNews()
    private let orders: AsyncStream<PeerName>
    private let order: AsyncStream<PeerName>.Continuation

    /// The workers that stand in the node's folder; none of them is looked at yet. Blocks on the disk: for the start.
    ///
    /// - Throws: ``KithError`` `store.damaged` where their list cannot be read.
    public init(_ node: Surroundings) throws {
        self.node = node
        (orders, order) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_024))
        record = try FleetRecord.read(in: node.folders.data)
        isWritten = !record.workers.isEmpty
        for worker in record.workers {
            members[worker.name] = try WorkerMember(worker, of: node)
        }
    }

    /// Says where the node's peer door is bound: its workers are looked for and started from now on.
    public func doorIsOpen(host: String, port: Int) {
        record.parent = FleetRecord.Parent(
            name: node.name(), certificate: Data(node.identity.certificate.der).base64EncodedString(), host: host,
            port: port)
        isOpen = true
        letGo()
    }

    /// Keeps the workers running that are wanted, until cancelled.
    public func run() async {
        await untilOpen()
        guard isOpen else { return }
        signAnew()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.publishChanges() }
            group.addTask { await self.renewVouchers() }
            await tell()
            let names = record.workers.filter(\.isWanted).map(\.name)
            group.addTask { await self.bring(names) }
            for await name in orders { group.addTask { await self.supervise(name) } }
            isOpen = false
            for member in members.values { member.settle() }
            group.cancelAll()
        }
    }

    /// Has these workers looked after, waits until each runs or has failed to, and tells everybody then.
    func bring(_ names: [PeerName]) async {
        batches += 1
        for name in names {
            members[name]?.wake()
            order.yield(name)
        }
        // Once the node stops, nobody looks after them.
        for name in names where isOpen { await members[name]?.settled(in: self) }
        batches -= 1
        await tell()
    }

    /// Waits until the node's door is open, or the task is cancelled.
    func untilOpen() async {
        guard !isOpen else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waitingForDoor.append($0) }
        } onCancel: {
            Task { await self.letGo() }
        }
    }

    private func letGo() {
        for one in waitingForDoor { one.resume() }
        waitingForDoor = []
    }

    // MARK: Supervision

    /// Keeps one worker running as long as it is wanted.
    private func supervise(_ name: PeerName) async {
        guard let member = members[name], !member.isSupervised else { return }
        guard member.isWanted else { return member.settle() }
        member.isSupervised = true
        var pauses = RestartPauses()
        while member.isWanted, !Task.isCancelled {
            let begun = ContinuousClock.now
            await member.attend(in: self)
            guard member.isWanted, !Task.isCancelled else { break }
            let pause = pauses.ended(after: ContinuousClock.now - begun, jitter: .random(in: 0..<1))
            member.restarts += 1
            await member.rest(for: pause, in: self)
        }
        member.isSupervised = false
        // Whoever stopped it may have started it again meanwhile.
        if member.isWanted, !Task.isCancelled { order.yield(name) }
        member.settle()
    }

    /// The running daemon of a worker: found, or else started.
    func bring(_ place: WorkerPlace) async throws -> WorkerProcess {
        guard let host = record.parent?.host else { throw KithError(.unavailable, "The peer door is closed.") }
        if let found = try await WorkerSearch(place: place, host: host).run() { return found }
        let launch = WorkerLaunch(
            program: node.programs.daemon, scope: node.scope, environment: node.environment, place: place)
        return try await launch.run(now: node.now)
    }
}
