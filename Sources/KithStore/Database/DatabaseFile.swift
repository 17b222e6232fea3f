import GRDB
import Glibc
import KithAPI

/// The file `kith.sqlite` and its companions before they are opened: made whole, inspected, set aside.
struct DatabaseFile {
    static let name = "kith.sqlite"
    /// How many damaged databases may lie beside the living one before opening is refused.
    static let maximumSetAside = 1_000
    private static let smallestPage = 512

    let folder: PrivateFolder

    var path: String { folder.file(Self.name) }

    /// Leaves a sound database under the name, and says whether a damaged one had to make way.
    func prepare() throws -> OpenReport {
        let report = try isDamaged() ? OpenReport.setAside(try setAside()) : .sound
        if try folder.size(of: Self.name) == nil { try create() }
        try Descriptor(path, O_RDWR).makePrivate()
        return report
    }

    /// Whether there is anything of a database.
    func isThere() throws -> Bool {
        try folder.size(of: Self.name) != nil || folder.size(of: Self.name + "-wal") ?? 0 > 0
    }

    /// Reads without changing anything, not even the write-ahead log.
    ///
    /// A file shorter than any page is damage, because ours appear whole; SQLite itself would take one
    /// of 0 or 1 bytes for new, and throw its write-ahead log away.
    func isDamaged() throws -> Bool {
        guard let size = try folder.size(of: Self.name) else { return try folder.size(of: Self.name + "-wal") ?? 0 > 0 }
        guard size >= Self.smallestPage else { return true }
        do {
            return try inspect()
        } catch let error as DatabaseError {
            guard [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode.primaryResultCode) else {
                throw KithError(error)
            }
            return true
        }
    }

    private func inspect() throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: path, configuration: configuration)
        return try database.read { db in
            guard try !Migrations.all.hasBeenSuperseded(db) else { throw Self.newer(path) }
            return try String.fetchOne(db, sql: "PRAGMA quick_check(1)") != "ok"
        }
    }

    private static func newer(_ path: String) -> KithError {
        KithError(
            .unavailable, "The database \(path) was written by a newer Kith.",
            hint: "Install that version again, or a newer one; nothing was changed.")
    }

    /// The main file goes first: without it, SQLite never reads the companions for anything else.
    private func setAside() throws -> String {
        let name = try freeName()
        for companion in ["", "-wal", "-shm"] where try folder.size(of: Self.name + companion) != nil {
            try folder.rename(Self.name + companion, to: name + companion)
        }
        try folder.synchronize()
        return folder.file(name)
    }

    private func freeName() throws -> String {
        for number in 1...Self.maximumSetAside {
            let name = "\(Self.name).damaged-\(number)"
            let isFree = try folder.size(of: name) == nil && folder.size(of: name + "-wal") == nil
            if isFree { return name }
        }
        throw KithError(
            .storeDamaged, "\(Self.maximumSetAside) damaged databases lie in \(folder.path).",
            hint: "Check the disk, then move them away.")
    }

    /// A new database appears whole, under a draft's name first.
    private func create() throws {
        let draft = Self.name + ".new"
        for companion in ["", "-journal", "-wal", "-shm"] { try folder.remove(draft + companion) }
        try Descriptor(folder.file(draft), O_RDWR | O_CREAT | O_EXCL).makePrivate()
        do {
            let database = try DatabaseQueue(path: folder.file(draft))
            try Migrations.all.migrate(database)
            try database.close()
        } catch let error as DatabaseError {
            throw KithError(error)
        }
        try folder.rename(draft, to: Self.name)
        try folder.synchronize()
    }
}
