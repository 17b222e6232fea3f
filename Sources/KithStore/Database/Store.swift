import Dispatch
public import FoundationEssentials
import GRDB
public import KithAPI

/// The database of this node: one file, one writer with group commit, readers that never wait for it.
///
/// What a caller was told is stored survives `kill -9` and a power cut: every commit is fsynced.
public final class Store: Sendable {
    /// The context entries of this node.
    public var context: ContextStore { ContextStore(self) }
    /// The agents of this node.
    public var agents: AgentStore { AgentStore(self) }
    /// The cards that were asked for lately.
    let cards = CardShelf()
    /// Those who wait for messages.
    let readers = InboxReaders()
    /// Rings when something was stored that others wait for.
    public let bells = Bells()
    /// How the file was found; the daemon must tell the owner unless it is `.sound`.
    public let report: OpenReport
    /// Where the database file is.
    public let path: String

    let writer: GroupCommit
    let now: @Sendable () -> Date
    private let pool: DatabasePool

    /// Opens `kith.sqlite` in `folder`, and makes both where they are missing (0700 and 0600).
    ///
    /// Blocks, and reads the whole file once to check it: for the start of the daemon, not for a task.
    /// - Throws: `unavailable` for a database of a newer Kith; `file.permission`, `file.io`,
    ///   `file.no_space` from the disk. A damaged file is not an error, see ``report``.
    public static func open(
        in folder: String, wayBack: WayBack = .anywhere, now: @escaping @Sendable () -> Date
    ) throws -> Store {
        try open(in: folder, limits: WriteLimits(), wayBack: wayBack, now: now)
    }

    static func open(
        in folder: String, limits: WriteLimits, wayBack: WayBack = .anywhere, now: @escaping @Sendable () -> Date
    ) throws -> Store {
        let file = DatabaseFile(folder: try PrivateFolder(folder))
        let report = try file.prepare()
        do {
            let pool = try makePool(at: file.path)
            return Store(pool, report, GroupCommit(pool, limits: limits, wayBack: wayBack), now)
        } catch {
            throw KithError(ofStore: error)
        }
    }

    private init(
        _ pool: DatabasePool, _ report: OpenReport, _ writer: GroupCommit, _ now: @escaping @Sendable () -> Date
    ) {
        self.pool = pool
        self.report = report
        self.now = now
        path = pool.path
        self.writer = writer
    }

    /// Writes what waits and closes the file; afterwards everything is refused with `unavailable`.
    public func close() async throws {
        await writer.finish()
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "kith.store.close").async {
                continuation.resume(with: Result { try self.pool.close() }.mapError { KithError(ofStore: $0) })
            }
        }
    }

    /// Reads what was committed before the call, on a reader of its own.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw KithError(ofStore: error)
        }
    }

    /// The pool, in the modes that our promises rest on.
    private static func makePool(at path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "kith.store"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction(makeDurable)
        try Migrations.all.migrate(pool)
        return pool
    }

    /// GRDB sets `synchronous` to NORMAL when it switches the write-ahead log on, so FULL comes after it.
    private static func makeDurable(_ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
        let modes = try durability(db)
        guard modes == Durability(synchronous: 2, journal: "wal") else {
            throw KithError(
                .internalError, "The database cannot promise durability (\(modes)).",
                hint: "Keep Kith's data on a local disk.")
        }
    }

    /// The two settings that decide whether a commit is on the disk.
    struct Durability: Equatable, Sendable {
        var synchronous: Int?
        var journal: String?
    }

    static func durability(_ db: Database) throws -> Durability {
        Durability(
            synchronous: try Int.fetchOne(db, sql: "PRAGMA synchronous"),
            journal: try String.fetchOne(db, sql: "PRAGMA journal_mode"))
    }
}
