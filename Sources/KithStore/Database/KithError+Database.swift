import GRDB
import KithAPI

extension KithError {
    /// What SQLite said, as one of ours. Decided by its result code alone.
    init(_ error: DatabaseError) {
        switch error.resultCode.primaryResultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .storeDamaged, "The database is damaged.",
                hint: "Restart the daemon: it sets the damaged file aside and says where.")
        case .SQLITE_FULL:
            self.init(.fileNoSpace, "The disk is full; nothing was stored.", hint: "Make room on the disk.")
        case .SQLITE_IOERR:
            self.init(.fileIO, "The disk failed; nothing was stored.", hint: "Check the disk.")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            self.init(.filePermission, "The database cannot be written.", hint: "Check who owns Kith's folders.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.unavailable, "Another program holds the database.", hint: "Is a second daemon running?")
        case .SQLITE_MISUSE:
            self.init(.unavailable, "The store is closed.", hint: "Start the daemon again.")
        default:
            // The code alone: the text has our SQL in it, and perhaps what others wrote.
            self.init(
                .internalError, "The database failed with code \(error.extendedResultCode.rawValue).",
                hint: "Nothing was stored. Please report it.")
        }
    }

    /// Any error of the store as one of ours.
    init(ofStore error: any Error) {
        guard let known = error as? DatabaseError else {
            self.init(wrapping: error)
            return
        }
        self.init(known)
    }
}
