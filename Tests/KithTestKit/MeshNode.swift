public import Foundation
public import KithAPI
public import KithClient
public import KithDaemon
import KithDiscovery
import KithWire
import Logging
import Synchronization

/// One daemon of a mesh.
public final class MeshNode: Sendable {
    /// What it calls itself.
    public let name: String
    /// Its folder; everything of it is below.
    public let folder: URL
    /// The user's home folder, where commands run and files are.
    public var userHome: URL { folder.appendingPathComponent("user") }
    /// What `KITH_HOME` is for it.
    public var kithHome: URL { folder.appendingPathComponent("kith") }
    /// The daemon itself.
    public let daemon: Daemon
    /// Where others reach it; can be cut.
    public let relay: Relay
    private let running: Task<Void, any Error>

    init(name: String, network: MemoryNetwork, traits: MeshTraits) async throws {
        self.name = name
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kith-\(name)-\(UInt32.random(in: 0...UInt32.max))")
        let user = folder.appendingPathComponent("user")
        let kithHome = folder.appendingPathComponent("kith").path
        try FileManager.default.createDirectory(
            at: user, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        relay = try await Relay.open()
        var configuration = Configuration()
        configuration.name = PeerName(name)
        configuration.listenHost = "127.0.0.1"
        configuration.listenPort = 0
        configuration.announcedPort = relay.port
        let home = try Home(environment: ["KITH_HOME": kithHome, "HOME": user.path])
        var surroundings = Surroundings(logger: Logger(label: name) { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { Date() + traits.secondsAhead }
        surroundings.protocols = traits.protocols
        let daemon = try await Daemon(
            home: home, configuration: configuration, discovery: { MemoryDiscovery(own: $0, on: network) },
            surroundings: surroundings)
        self.daemon = daemon
        // The daemon runs beside the test until the mesh stops it.
        running = Task { try await daemon.run() }
        relay.lead(to: await daemon.waitUntilReady())
    }

    /// Its identity.
    public var id: PeerID { daemon.identity.id }

    /// Asks it over its Unix socket.
    public var client: KithClient { KithClient(socket: daemon.socket) }

    /// Asks it through its router, as `caller`.
    public func direct<C: Call>(_ request: C, from caller: Caller) async throws -> C.Reply {
        try JSON.decode(
            C.Reply.self, from: try await daemon.dispatcher.call(C.name, try JSON.encode(request), from: caller))
    }

    /// Opens a pipe to it through its router, as its owner.
    public func pipe<P: KithAPI.Pipe, Result: Sendable>(
        _ request: P, _ talk: @escaping @Sendable (Duplex) async throws -> Result
    ) async throws -> Result {
        let (near, far) = Duplex.pair()
        let dispatcher = daemon.dispatcher
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await dispatcher.pipe(P.name, over: far, from: .owner)
                return nil
            }
            group.addTask {
                try await near.send(Frame(.open, json: request))
                return try await talk(near)
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw CancellationError()
        }
    }

    /// Invites with a string, hands it to `join`, and waits until both are paired.
    func inviting(_ preset: GrantPreset, _ join: @escaping @Sendable (String) async throws -> Void) async throws {
        try await pipe(InvitePeer(asString: true, preset: preset)) { end in
            guard let first = try await end.receive() else { throw CancellationError() }
            if first.kind == .failure { throw try first.decode(KithError.self) }
            let string = try first.decode(PairingNews.self).secret ?? ""
            try await join(string)
            while let frame = try await end.receive(), frame.kind != .end {
                if frame.kind == .failure { throw try frame.decode(KithError.self) }
            }
        }
    }

    /// Everything in its audit log so far.
    public func audit() async throws -> [AuditRecord] {
        try await client.feed(FollowAudit(last: 10_000)).reduce(into: []) { $0.append($1) }
    }

    /// How the node sees its peer `id`, as a caller.
    func caller(_ id: PeerID) async throws -> Caller {
        let peers = try await direct(ListPeers(), from: .owner).peers
        guard let peer = peers.first(where: { $0.id == id && $0.status != .unpaired }) else {
            throw KithError(.peerNotPaired, "Not paired.")
        }
        return .peer(Peer(id: peer.id, name: peer.name, grants: peer.grants))
    }

    /// Waits until the node has an authenticated answer of its peer.
    public func waitUntilOnline(_ peer: String) async throws { try await waitUntil(peer, is: .online) }

    /// Waits until the node sees its peer in this state.
    public func waitUntil(_ peer: String, is state: PeerStatus.State) async throws {
        try await daemon.waitUntil(peer, is: state)
    }

    /// Ends its daemon, cuts its cable and removes its folder.
    public func stop() async {
        try? await daemon.endJobs()
        running.cancel()
        _ = try? await running.value
        await relay.cut()
        try? FileManager.default.removeItem(at: folder)
    }
}
