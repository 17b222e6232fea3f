import CLinux
import Dispatch
import Glibc
import KithAPI

/// The keeper: a folder of jobs, those of them that run, and a socket.
///
/// One thread does it all, the loop; only looking through /proc is done beside it.
@OnLoop final class KeeperServer {
    nonisolated static let socketName = "keeper.sock"
    nonisolated static let lockName = "keeper.lock"
    /// Connections at once.
    private static let connectionLimit = 8192

    let loop: DescriptorLoop
    let path: String
    let limits: KeeperLimits
    let boot: String
    /// Which file this program runs from; another one's keeper is replaced when it is idle.
    let build: String
    /// Room for one read of output, and for one of a socket.
    let wire = WireBuffer()
    let room = ReadRoom()
    /// Called when it has left.
    let onLeave: @OnLoop @Sendable () -> Void

    var jobs: [JobID: KeptJob] = [:]
    var ended: [JobID: EndedJob] = [:]
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    var stoppers: [ServerConnection] = []
    /// Ended jobs of which no daemon has confirmed to have heard, in order.
    var untold: [JobID] = []
    var isLeaving = false
    var hasBeenHeld = false

    var inspections: Set<JobID> = []
    var isInspecting = false
    let inspector = DispatchQueue(label: "kith.keeper.processes")

    private let folder: Int32
    private let lock: Int32
    private let listener: Int32
    private var listenerWatch: DescriptorLoop.Watch?

    /// Takes a folder, ends what a keeper before left behind, and listens.
    ///
    /// - Throws: ``KithError`` `conflict` where another keeper holds the folder, `file.permission`, `unavailable`.
    init(
        folder path: String, limits: KeeperLimits, onLeave: @escaping @OnLoop @Sendable () -> Void = {}
    ) throws(KithError) {
        self.path = path
        self.limits = limits
        self.onLeave = onLeave
        loop = try DescriptorLoop.shared.get()
        boot = Self.bootID()
        build = Build.text(of: "/proc/self/exe")
        folder = try KeeperFolder.open(path)
        do {
            lock = try KeeperFolder.lock(path)
        } catch {
            close(folder)
            throw error
        }
        listener = kith_listen(folder, Self.socketName)
        guard listener >= 0 else {
            close(folder)
            close(lock)
            throw KithError(.unavailable, "The keeper cannot listen: \(String(cString: strerror(-listener))).")
        }
        signal(SIGPIPE, SIG_IGN)
        findEnded()
        listenerWatch = try loop.watch(listener, for: .readable) { [self] in accept() }
        _ = loop.schedule(after: limits.patience) { [weak self] in self?.leaveIfIdle() }
        sweepLater()
    }

    /// How many jobs run.
    var running: Int { jobs.values.count { !$0.isFinished } }

    private func accept() {
        while let connection = nextConnection() {
            guard connections.count < Self.connectionLimit, !isLeaving else {
                connection.send(KithError.keeperIsFull)
                connection.finish()
                continue
            }
            connections[ObjectIdentifier(connection)] = connection
            do {
                try connection.begin()
            } catch {
                connection.close()
            }
        }
        if let listenerWatch { loop.arm(listenerWatch, for: .readable) }
    }

    private func nextConnection() -> ServerConnection? {
        while true {
            let descriptor = kith_accept(listener)
            if descriptor >= 0 { return ServerConnection(descriptor, of: self) }
            guard descriptor == -EPERM || descriptor == -EINTR || descriptor == -ECONNABORTED else { return nil }
        }
    }

    // MARK: Leaving

    /// Leaves when no daemon is there and nothing runs.
    func leaveIfIdle() {
        guard !connections.values.contains(where: { $0.isHolding || $0.isFollowing }) else { return }
        leave()
    }

    /// Leaves unless something runs. Who has asked and was not heard is told so: it may ask the next keeper.
    func leave() {
        guard running == 0, !isLeaving, !connections.values.contains(where: \.isStarting) else { return }
        isLeaving = true
        unlink(path + "/" + Self.socketName)
        while let connection = nextConnection() { connections[ObjectIdentifier(connection)] = connection }
        for connection in Array(connections.values) {
            if connection.isAsking { connection.send(KithError.keeperLeaves) }
            connection.close()
        }
        writeUnwritten()
        if let listenerWatch { loop.forget(listenerWatch) }
        listenerWatch = nil
        for descriptor in [listener, folder, lock] { close(descriptor) }
        onLeave()
    }

    private static func bootID() -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        return String(decoding: bytes.prefix(max(0, read(file, &bytes, bytes.count))), as: UTF8.self)
    }
}

extension ServerConnection {
    var isHolding: Bool { if case .holding = role { true } else { false } }
    var isFollowing: Bool { if case .following = role { true } else { false } }
    var isAsking: Bool { if case .asking = role { true } else { false } }
    var isStarting: Bool { if case .starting = role { true } else { false } }
}

extension KithError {
    static let keeperIsFull = KithError(.limited, "The keeper has too many connections.", hint: "Try again later.")
    /// Nothing was done; the next keeper can be asked.
    static let keeperLeaves = KithError(.unavailable, "The keeper leaves.", details: ["keeper": "leaves"])
}
