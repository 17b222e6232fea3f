import FoundationEssentials
import KithAPI
import KithDiscovery
import KithExec
import KithFiles
import KithKeeper
import KithStore
import KithTrust
import KithWire
import KithWorkers
import Logging
import ServiceLifecycle
import Synchronization

/// The services of one node, made from what is on disk.
final class Parts: Sendable {
    let home: Home
    let logger: Logger
    private let threshold: LogThreshold
    let now: @Sendable () -> Date
    let speaker: Speaker
    let metrics = NodeMetrics()
    let notice: ServiceNotice
    let identity: Identity
    let book: TrustBook
    let store: Store
    let audit: AuditLog
    let keeper: KeeperClient
    let exec: ExecService
    let terminals: TerminalService
    let files: FileService
    let discovery: any Discovery
    let roster: Roster
    let directory: Directory
    let client: PeerClient
    let desk: PairingDesk
    let live = LiveConnections()
    let status: StatusService
    let peers: PeersService
    let seen: SeenBook
    let grants: GrantsService
    let transfers: TransferService
    let talk: Talk
    let overview: OverviewService
    /// The workers of this node; nil where it is one itself.
    let fleet: WorkerFleet?
    let stopper = Stopper()
    /// The configuration with which the doors are opened.
    let startConfiguration: Configuration
    private let configuration: Mutex<Configuration>

    init(
        home: Home, configuration: Configuration, discovery: @Sendable (PeerID) -> any Discovery,
        surroundings: Surroundings
    ) async throws {
        self.home = home
        logger = surroundings.logger
        threshold = surroundings.threshold
        notice = surroundings.notice
        let now = surroundings.now
        self.now = now
        startConfiguration = configuration
        self.configuration = Mutex(configuration)
        let name = configuration.name ?? Home.hostName
        let identity = try Identity.loadOrCreate(in: home.identityFolder, name: name, now: now())
        let book = try TrustBook(folder: home.identityFolder, now: now)
        self.identity = identity
        self.book = book
        try Self.refreshHousehold(home, book)
        store = try Store.open(in: home.folders.data, now: now)
        audit = try AuditLog.open(
            in: home.folders.logs, now: now, sign: { try identity.sign($0) },
            isSigned: { identity.certificate.verify(signature: $1, of: $0) })
        keeper = try KeeperClient(folder: home.jobsFolder, program: Home.companion, scope: surroundings.scope)
        var execNode = try home.execNode(named: name, book: book, audit: audit)
        execNode.jobsChanged = { [bells = store.bells] in bells.ring("jobs") }
        let exec = ExecService(node: execNode, keeper: keeper, now: now)
        self.exec = exec
        terminals = TerminalService(exec)
        grants = GrantsService(book: book, exec: exec, now: now)
        files = FileService(home: home.userHome, protected: home.protectedFolders, now: now)
        self.discovery = discovery(identity.id)
        let prober = Prober(book: book)
        let roster = Roster { await prober.probe($0, $1) }
        self.roster = roster
        directory = Directory(book: book, roster: roster)
        let status = StatusService(
            id: identity.id, name: name, home: home, roster: roster, running: { exec.runningCount },
            rooms: { [store] in try await store.rooms() }, now: now)
        if notice.isHeard { status.isStarted(by: "systemd") }
        self.status = status
        speaker = Speaker(protocols: surroundings.protocols) { status.identity.name.text }
        let client = try PeerClient(identity: identity, directory: directory, speaker: speaker, metrics: metrics.wire)
        self.client = client
        prober.use(client)
        seen = SeenBook(folder: home.folders.data + "/seen")
        fleet = try home.fleet(
            identity: identity, book: book, scope: surroundings.scope, name: { status.identity.name }, now: now)
        peers = PeersService(
            book: book, roster: roster, client: client, seen: seen, identity: status.identity, userHome: home.userHome,
            now: now,
            household: home.descent.map { ParentNode(descent: $0) })
        talk = Talk(Talk.Surroundings(store: store, book: book, client: client, roster: roster, status: status))
        transfers = TransferService(files: files, client: client, tasks: talk.tasks.store)
        overview = OverviewService(
            status: status, peers: peers, roster: roster, exec: exec, store: store,
            messages: talk.messages.store, tasks: talk.tasks.store)
        desk = try PairingDesk(
            identity: identity, book: book,
            surroundings: .node(status: status, roster: roster, discovery: self.discovery, peers: peers, book: book))
        tellOfDamage()
    }

    /// What was found damaged when the files were opened.
    private func tellOfDamage() {
        if case .setAside(let path) = store.report {
            status.warn("The database was damaged. It was set aside as \(path); context starts empty.")
        }
        if case .setAside(let path) = audit.report {
            status.warn("The audit log ended in what is no record. That was moved to \(path); look who wrote it.")
        }
    }

    private var workers: [any Service] {
        fleet.map { fleet in [Background(name: "workers", logger: logger) { await fleet.run() }] } ?? []
    }

    private var vouchers: VouchWatch { VouchWatch(book: book, roster: roster, client: client, now: now) }

    var doctor: Doctor {
        Doctor(home: home, status: status, peers: peers, audit: audit, seen: seen, now: now)
    }

    /// What runs besides the doors.
    var services: [any Service] {
        let watch = PresenceWatch(
            book: book, roster: roster, live: live, exec: exec, client: client, seen: seen, talk: talk, fleet: fleet,
            now: now)
        return [
            Background(name: "commands", logger: logger) { [exec] in await exec.run() },
            Background(name: "discovery", logger: logger) { [discovery] in try await discovery.run() },
            Background(name: "roster", logger: logger) { [roster, discovery] in
                await roster.run(following: discovery.events)
            },
            Background(name: "presence", logger: logger) { try await watch.run() },
            Background(name: "vouchers", logger: logger) { [vouchers] in await vouchers.run() },
            Background(name: "sweeper", logger: logger) { [store, talk] in
                try await Sweeper(store: store, talk: talk).run()
            },
        ] + talk.services(logger) + workers
    }

    /// What happens first when the daemon is told to stop.
    var farewell: Farewell {
        Farewell { [exec, live, notice] in
            notice.stopping()
            exec.prepareToStop()
            live.closeAll()
        }
    }

    /// Which programs run here.
    func build() async throws -> NodeBuild {
        guard let daemon = ProgramBuild(process: ProcessInfo.processInfo.processIdentifier) else {
            throw KithError(.unavailable, "This process cannot be looked at.", hint: "Is /proc mounted?")
        }
        return NodeBuild(
            version: Version.text, protocols: speaker.protocols.text, daemon: daemon,
            keeper: await keeper.process.flatMap { ProgramBuild(process: $0) })
    }

    func stop(_ request: StopNode) async throws -> StopNode.Reply {
        if request.endsJobs == true { try await endAll() }
        stopper.stop()
        return StopNode.Reply(pid: Int(ProcessInfo.processInfo.processIdentifier))
    }

    /// Ends every command, terminal and worker of this node; returns when nothing is left of them.
    func endAll() async throws {
        await fleet?.endProcesses()
        try await exec.stopAll()
    }

    /// The workers of this node.
    ///
    /// - Throws: ``KithError`` `unavailable` where it is one itself.
    func ownFleet() throws(KithError) -> WorkerFleet {
        if let fleet { return fleet }
        throw KithError(.unavailable, "A worker has no workers of its own.", hint: "Ask its parent.")
    }

    private static func refreshHousehold(_ home: Home, _ book: TrustBook) throws {
        guard let descent = home.descent else { return }
        let (household, siblings) = try home.readHousehold(of: descent)
        book.setHousehold(household)
        book.take(siblings, of: household.parent.id)
    }

    /// Makes a changed configuration true; what binds a socket needs a new door, and so a new start.
    func reload() async throws -> ReloadNode.Reply {
        let new = try home.readConfiguration()
        try Self.refreshHousehold(home, book)
        let changed = configuration.withLock { old in
            defer { old = new }
            return new.differences(from: old)
        }
        threshold.set(new.logLevel)
        status.isCalled(new.name ?? Home.hostName)
        await announce(isPairing: desk.isOpen)
        await fleet?.inheritanceChanged()
        return ReloadNode.Reply(changed: changed)
    }

    /// Says on the network who this node is and where.
    func announce(isPairing: Bool) async {
        await discovery.announce(status.advert(isPairing: isPairing))
    }

    /// Writes one action into the audit log.
    @Sendable func record(_ event: Dispatcher.Event) async throws {
        let entry = AuditEntry(
            caller: event.caller, action: event.action, object: event.object, result: event.result,
            details: event.session.map { ["via": "mcp", "client": $0.client] })
        _ = try await audit.append(entry)
    }

    /// Lets go of what runs, and closes the files.
    func close() async {
        await exec.close()
        try? await client.shutdown()
        try? await audit.close()
        try? await store.close()
    }
}
