import FoundationEssentials
import KithAPI
import KithDiscovery
import KithExec
import KithFiles
import KithKeeper
import KithStore
import KithTrust
import KithWire
import Logging
import ServiceLifecycle
import Synchronization

/// The services of one node, made from what is on disk.
final class Parts: Sendable {
    let home: Home
    let logger: Logger
    private let threshold: LogThreshold
    let now: @Sendable () -> Date
    let identity: Identity
    let book: TrustBook
    let store: Store
    let audit: AuditLog
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
    let grants: GrantsService
    let transfers: TransferService
    let talk: Talk
    let stopper = Stopper()
    /// The configuration with which the doors are opened.
    let startConfiguration: Configuration
    private let configuration: Mutex<Configuration>

    init(
        home: Home, configuration: Configuration, discovery: @Sendable (PeerID) -> any Discovery, logger: Logger,
        threshold: LogThreshold, now: @escaping @Sendable () -> Date
    ) async throws {
        self.home = home
        self.logger = logger
        self.threshold = threshold
        self.now = now
        startConfiguration = configuration
        self.configuration = Mutex(configuration)
        let name = configuration.name ?? Home.hostName
        let identity = try Identity.loadOrCreate(in: home.identityFolder, name: name, now: now())
        let book = try TrustBook(folder: home.identityFolder, now: now)
        self.identity = identity
        self.book = book
        store = try Store.open(in: home.folders.data, now: now)
        audit = try AuditLog.open(
            in: home.folders.logs, now: now, sign: { try identity.sign($0) },
            isSigned: { identity.certificate.verify(signature: $1, of: $0) })
        let exec = ExecService(
            node: try home.execNode(named: name, book: book, audit: audit),
            keeper: try KeeperClient(folder: home.jobsFolder, program: Home.companion), now: now)
        self.exec = exec
        terminals = TerminalService(exec)
        grants = GrantsService(book: book, exec: exec, now: now)
        files = FileService(home: home.userHome, protected: home.protectedFolders, now: now)
        self.discovery = discovery(identity.id)
        let prober = Prober(book: book)
        let roster = Roster { await prober.probe($0, $1) }
        self.roster = roster
        directory = Directory(book: book, roster: roster)
        let client = try PeerClient(identity: identity, directory: directory)
        self.client = client
        prober.use(client)
        status = StatusService(
            id: identity.id, name: name, home: home, roster: roster, running: { exec.runningCount }, now: now)
        peers = PeersService(
            book: book, roster: roster, client: client, identity: status.identity, userHome: home.userHome, now: now)
        transfers = TransferService(files: files, client: client)
        talk = Talk(Talk.Surroundings(store: store, book: book, client: client, roster: roster, status: status))
        desk = try PairingDesk(
            identity: identity, book: book,
            surroundings: .node(status: status, roster: roster, discovery: self.discovery, peers: peers, book: book))
        if case .setAside(let path) = store.report {
            status.warn("The database was damaged. It was set aside as \(path); context starts empty.")
        }
    }

    var doctor: Doctor { Doctor(home: home, status: status, peers: peers, audit: audit) }

    /// What runs besides the doors.
    var services: [any Service] {
        let watch = PresenceWatch(
            book: book, roster: roster, live: live, exec: exec, client: client, now: now)
        return [
            Background { [exec] in await exec.run() },
            Background { [discovery] in try await discovery.run() },
            Background { [roster, discovery] in await roster.run(following: discovery.events) },
            Background { try await watch.run() },
            Background { [store, talk] in try await Sweeper(store: store, talk: talk).run() },
        ] + talk.services
    }

    /// What happens first when the daemon is told to stop.
    var farewell: Farewell {
        Farewell { [exec, live] in
            exec.prepareToStop()
            live.closeAll()
        }
    }

    func stop(_ request: StopNode) async throws -> StopNode.Reply {
        if request.endsJobs == true { try await exec.stopAll() }
        stopper.stop()
        return StopNode.Reply(pid: Int(ProcessInfo.processInfo.processIdentifier))
    }

    /// Makes a changed configuration true; what binds a socket needs a new door, and so a new start.
    func reload() async throws -> ReloadNode.Reply {
        let new = try home.readConfiguration()
        let changed = configuration.withLock { old in
            defer { old = new }
            return new.differences(from: old)
        }
        threshold.set(new.logLevel)
        status.isCalled(new.name ?? Home.hostName)
        await announce(isPairing: desk.isOpen)
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
