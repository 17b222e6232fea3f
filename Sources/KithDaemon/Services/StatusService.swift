import FoundationEssentials
import Glibc
import KithAPI
import KithDiscovery
import KithStore
import Synchronization

/// Says who this node is and how it is.
final class StatusService: Sendable {
    let id: PeerID
    private let name: Mutex<PeerName>
    private let home: Home
    private let roster: Roster
    private let running: @Sendable () async -> Int
    private let rooms: @Sendable () async throws -> [StoreRoom]
    private let now: @Sendable () -> Date
    private let startedAt = ContinuousClock.now
    private let live = Mutex(Live())

    private struct Live {
        var listening: [Address] = []
        var announcedPort: Int?
        var warnings: [String] = []
        var startedBy: String?
    }

    init(
        id: PeerID, name: PeerName, home: Home, roster: Roster, running: @escaping @Sendable () async -> Int,
        rooms: @escaping @Sendable () async throws -> [StoreRoom], now: @escaping @Sendable () -> Date
    ) {
        self.id = id
        self.name = Mutex(name)
        self.home = home
        self.roster = roster
        self.running = running
        self.rooms = rooms
        self.now = now
    }

    var identity: NodeIdentity {
        NodeIdentity(id: id, name: name.withLock { $0 }, version: Version.text, time: now())
    }

    var listening: [Address] { live.withLock { $0.listening } }
    var warnings: [String] { live.withLock { $0.warnings } }

    /// The port that others must dial.
    var announcedPort: Int? { live.withLock { $0.announcedPort ?? $0.listening.first?.port } }

    func listens(at address: Address, announcing port: Int?) {
        live.withLock {
            $0.listening = [address]
            $0.announcedPort = port
        }
    }

    func isStarted(by manager: String) { live.withLock { $0.startedBy = manager } }
    func warn(_ message: String) { live.withLock { $0.warnings.append(message) } }
    func isCalled(_ name: PeerName) { self.name.withLock { $0 = name } }

    func report() async -> NodeStatus {
        let presences = await roster.snapshot().filter(\.isPaired)
        var status = NodeStatus(
            identity: identity, pid: Int(getpid()), uptime: Int((ContinuousClock.now - startedAt) / .seconds(1)),
            listening: listening, socket: home.folders.socket, dataFolder: home.folders.data,
            discovery: PresenceWatch.word(await roster.availability),
            peersOnline: presences.count { $0.state.isOnline }, peers: presences.count, running: await running(),
            warnings: await warnings + findings().filter { $0.verdict != .ok }.map(\.message))
        status.startedBy = live.withLock { $0.startedBy }
        return status
    }

    /// How much room there is for what is stored.
    func findings() async -> [Finding] {
        do {
            return try await rooms().map(\.finding)
        } catch {
            let failure = KithError(wrapping: error)
            return [Finding("store", .failed, failure.message, remedy: failure.hint)]
        }
    }
}

extension StoreRoom {
    /// A line of the doctor's.
    fileprivate var finding: Finding {
        let text = "\(bytes >> 20) of \(limit >> 20) MiB of \(name) are taken up."
        guard isNearlyFull else { return Finding(name, .ok, text) }
        return Finding(
            name, .warning, text,
            remedy: name == "messages"
                ? "Have agents read and acknowledge: what is over goes by itself. Long texts go as files."
                : "Delete entries, or store them with --ttl.")
    }
}
