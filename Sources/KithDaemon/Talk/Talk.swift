import KithAPI
import KithDiscovery
import KithStore
import KithTrust
import KithWire
import ServiceLifecycle

/// The services by which agents talk and share work, put together.
struct Talk: Sendable {
    /// What they are made of.
    struct Surroundings {
        let store: Store
        let book: TrustBook
        let client: PeerClient
        let roster: Roster
        let status: StatusService
    }

    let agents: AgentService
    let messages: MessageService
    let tasks: TaskService
    let context: ContextService
    private let postman: Postman
    private let leaseWatch: LeaseWatch
    private let leaseKeeper: LeaseKeeper
    private let needsWatch: NeedsWatch

    init(_ node: Surroundings) {
        let naming = Self.naming(node)
        let messageStore = MessageStore(node.store, naming: naming)
        let taskStore = TaskStore(node.store, naming: naming)
        let home = node.status.id.short
        let sessions = AgentSessions()
        let directory = AgentDirectory(
            agents: node.store.agents, book: node.book, client: node.client, status: node.status)
        postman = Postman(
            store: messageStore, client: node.client, roster: node.roster,
            isGone: { [book = node.book] in book.isTombstoned($0) })
        leaseWatch = LeaseWatch(tasks: taskStore)
        leaseKeeper = LeaseKeeper(
            tasks: taskStore, client: node.client, watch: leaseWatch, sessions: sessions, home: home)
        needsWatch = NeedsWatch(tasks: taskStore, client: node.client, roster: node.roster)
        agents = AgentService(
            store: node.store.agents, directory: directory, sessions: sessions, messages: messageStore,
            postman: postman, leases: leaseKeeper)
        messages = MessageService(
            store: messageStore, agents: node.store.agents, directory: directory, postman: postman, book: node.book)
        tasks = TaskService(
            store: taskStore, agents: node.store.agents, client: node.client, roster: node.roster,
            relatives: { [book = node.book] in book.relatives }, sessions: sessions, watch: leaseWatch,
            keeper: leaseKeeper, home: home)
        context = ContextService(store: node.store.context, book: node.book, client: node.client)
    }

    /// What runs besides the answers; all of it sleeps until something happens or is due.
    var services: [any Service] {
        [
            Background { [postman] in try await postman.run() },
            Background { [leaseWatch] in try await leaseWatch.run() },
            Background { [leaseKeeper] in try await leaseKeeper.run() },
            Background { [needsWatch] in try await needsWatch.run() },
            Background { [agents] in try await agents.run() },
            Background { [tasks, messages] in
                try await TaskAnnouncer(tasks: tasks.store, messages: messages).run()
            },
        ]
    }

    /// Stores a value; where it carries the token of a claim, that claim must still be the latest.
    func set(_ request: SetContext, from caller: Caller) async throws -> ContextEntry {
        try await context.store.set(request, from: caller, behind: tasks.store.fence(request))
    }

    /// That a node whose parent vouches for it has come back.
    func hasMoved(_ node: PeerID) async { await postman.look(at: node) }

    /// Once a minute: gives up what has expired and forgets what is old.
    func sweep() async throws {
        try await messages.sweep()
        try await tasks.sweep()
    }

    private static func naming(_ node: Surroundings) -> NodeNaming {
        NodeNaming(
            own: node.status.id, ownName: { [status = node.status] in status.identity.name.text },
            name: { [book = node.book] in book.pin(for: $0)?.name.text },
            find: { [book = node.book] in try? book.find($0).id })
    }
}
