public import KithAPI
public import KithDiscovery
import KithExec
import KithFiles
import KithStore
import KithTrust
public import KithWire
import ServiceLifecycle
public import UnixSignals

/// One node: its identity, its services and its two doors.
public final class Daemon: Sendable {
    /// Answers questions without a socket, for tests and for the daemon itself.
    public let dispatcher: Dispatcher
    /// Who this node is.
    public let identity: NodeIdentity
    /// Where its owner reaches it.
    public var socket: String { parts.home.folders.socket }

    private let parts: Parts
    private let doors: Doors
    private let lock: HomeLock

    /// Assembles a node from what is on disk; nothing runs yet.
    ///
    /// - Parameter discovery: how to find others; given this node's own id.
    /// - Throws: ``KithError`` where the home is not sound or belongs to a running daemon.
    public init(
        home: Home, configuration: Configuration, discovery: @Sendable (PeerID) -> any Discovery,
        surroundings: Surroundings
    ) async throws {
        try home.prepare()
        lock = try HomeLock(home.folders)
        parts = try await Parts(
            home: home, configuration: configuration, discovery: discovery, surroundings: surroundings)
        var routes = Routes()
        routes.addAll(parts)
        try routes.checkAgainstCatalogue()
        dispatcher = Dispatcher(
            routes: routes, speaker: parts.speaker, metrics: parts.metrics.wire, now: surroundings.now,
            audit: parts.record)
        identity = parts.status.identity
        doors = try Doors(parts, dispatcher)
    }

    /// Waits until both doors are open, and says at which port the peers' is.
    public func waitUntilReady() async -> Int { await doors.waitUntilReady() }

    /// Where the peer door is bound, as a worker tells its parent; nil until it is open.
    var boundAddress: Address? { parts.status.listening.first }

    /// Waits until the paired peer `name` is in `state` for this node; cancel to give up.
    public func waitUntil(_ name: String, is state: PeerStatus.State) async throws {
        let changes = await parts.roster.changes()
        if try await parts.peers.presence(of: name) == state { return }
        for await _ in changes {
            if try await parts.peers.presence(of: name) == state { return }
        }
    }

    /// Ends every command, terminal and worker of this node, and returns when all are reaped.
    public func endJobs() async throws { try await parts.endAll() }

    /// Tells the service manager that this daemon is alive, as long as it answers questions.
    private var pulse: (any Service)? {
        guard let interval = parts.notice.interval else { return nil }
        return Background(name: "pulse", logger: parts.logger) { [dispatcher, parts] in
            while true {
                if (try? await dispatcher.call(Ping.name, [], from: .owner)) != nil { parts.notice.alive() }
                try await Task.sleep(for: interval)
            }
        }
    }

    /// Serves until cancelled, told to stop, or one of the services fails.
    ///
    /// - Parameter signals: on which signals to stop gracefully.
    public func run(stoppingOn signals: [UnixSignal] = []) async throws {
        // Told to stop in the reverse order: first the commands, then the doors, then the rest.
        var quiet = parts.logger
        quiet.logLevel = .error
        var configuration = ServiceGroupConfiguration(
            services: parts.services + doors.services + [pulse, parts.farewell].compactMap { $0 },
            gracefulShutdownSignals: signals, logger: quiet)
        configuration.maximumGracefulShutdownDuration = .seconds(4)
        let group = ServiceGroup(configuration: configuration)
        parts.stopper.onStop { await group.triggerGracefulShutdown() }
        let result: Result<Void, any Error>
        do {
            try await group.run()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await parts.close()
        try result.get()
    }
}
