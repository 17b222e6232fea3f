import FoundationEssentials
import Glibc
import KithAPI
import KithExec
import KithKeeper
import Synchronization

/// A home folder of its own, removed at the end of the scope, and a service that runs commands in it.
struct ExecFixture: Sendable {
    let home: String
    let service: ExecService
    let keeper: KeeperClient
    /// What the service said on its own.
    let events: EventList

    static let searchPath = ["/usr/local/bin", "/usr/bin", "/bin"]

    static func with<Answer>(
        limits: ExecLimits = ExecLimits(), path: [String] = searchPath,
        _ body: (ExecFixture) async throws -> Answer
    ) async throws -> Answer {
        let home = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: home) }
        mkfifo(home + "/ready", 0o600)
        let environment = ExecEnvironment(home: home, user: "tester", path: path.map { $0.replacing("~", with: home) })
        let keeper = try KeeperClient(folder: home + "-jobs", program: kith, limits: .quick)
        let events = EventList()
        let node = ExecNode(
            environment: environment, program: kith, protected: [home + "-jobs"], temporary: home + "-tmp",
            record: { events.append($0) }, holds: { _, grant in events.holds(grant) })
        mkdir(node.temporary, 0o700)
        let service = ExecService(
            node: node, keeper: keeper, limits: limits, now: { Date(timeIntervalSince1970: 1000) })
        let running = Task { await service.run() }
        let result: Result<Answer, any Error>
        do {
            result = .success(try await body(ExecFixture(home: home, service: service, keeper: keeper, events: events)))
        } catch {
            result = .failure(error)
        }
        try? await service.stopAll()
        running.cancel()
        await service.close()
        for path in [home + "-jobs", home + "-tmp"] { try? FileManager.default.removeItem(atPath: path) }
        return try result.get()
    }

    /// What stands for `kith` in this build, beside the tests.
    static let kith: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex) + "/KeeperTrial"
    }()

    /// Writes a file below the home folder and says its path.
    @discardableResult
    func file(_ name: String, _ text: String = "", mode: mode_t = 0o755) throws -> String {
        let path = home + "/" + name
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
        chmod(path, mode)
        return path
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: home + "/" + name, withDestinationPath: target)
    }

    func text(of name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: home + "/" + name)), as: UTF8.self)
    }

    /// Waits until a command writes to the named pipe `ready` in the home folder, and says what.
    func listen() async throws -> String {
        try await service.run(RunCommand(command: ["cat", "ready"]), from: .owner).stdout
    }

    private static func temporaryFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kith-exec-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard let path = realpath(folder.path, nil) else { return folder.path }
        defer { free(path) }
        return String(cString: path)
    }
}

extension ExecLimits {
    /// Waits of a tenth of a second where the real ones are a minute.
    static var quick: ExecLimits {
        ExecLimits(patience: .milliseconds(100), approvalPatience: .milliseconds(100))
    }
}

/// What a service said on its own; and what its peers have lost since they asked.
final class EventList: Sendable {
    private let events = Mutex<[ExecEvent]>([])
    private let lost = Mutex<Set<Grant>>([])

    var all: [ExecEvent] { events.withLock { $0 } }

    func append(_ event: ExecEvent) { events.withLock { $0.append(event) } }

    func holds(_ grant: Grant) -> Bool { !lost.withLock { $0.contains(grant) } }

    func lose(_ grant: Grant) { lost.withLock { _ = $0.insert(grant) } }
}

extension KeeperLimits {
    static var quick: KeeperLimits { KeeperLimits(grace: .milliseconds(100), linger: .milliseconds(100)) }
}

extension Caller {
    /// A peer with these rules.
    static func peer(_ rules: GrantRule...) -> Caller { peer("laptop", 7, rules) }

    /// A peer of this name and key with these rules.
    static func peer(_ name: String, _ key: UInt8, _ rules: [GrantRule]) -> Caller {
        guard let id = PeerID(bytes: Array(repeating: key, count: 32)), let name = PeerName(name) else {
            return .owner
        }
        return .peer(Peer(id: id, name: name, grants: GrantSet(rules)))
    }

    /// A peer that may run these programs only.
    static func allowed(_ programs: String...) -> Caller { .peer(GrantRule(.exec, scope: programs)) }
}

/// The error that `body` throws, as one of ours; nil when it throws none.
func failure(_ body: () async throws -> some Sendable) async -> KithError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return KithError(wrapping: error)
    }
}

/// Whether a process runs; one that is dead and not reaped does not.
func isAlive(_ id: Int32) -> Bool {
    guard let data = try? Data(contentsOf: URL(filePath: "/proc/\(id)/stat")) else { return false }
    let state = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ").first
    return state != "Z" && state != "X"
}

/// The numbers that stand in `text`, one a line.
func numbers(in text: String) -> [Int32] {
    text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
}

/// A value that several tasks change.
final class Kept<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func append<Element>(_ element: Element) where Value == [Element] { mutex.withLock { $0.append(element) } }
}
