import FoundationEssentials
import GRDB
import KithAPI
import KithDigest

/// Long texts on their way here, each piece a row of its own.
extension MessageTable {
    /// Adds a piece to a peer's text and says how much is here; the whole counts only if the hash fits.
    func add(_ piece: [UInt8], to request: StoreBlob, from origin: String) throws -> Int {
        guard try !hasBlob(request.hash) else { return request.size }
        try checkRoom(for: request.size)
        if request.offset == 0 { try forget(request.hash, from: origin) }
        let (upload, received) = try upload(request.hash, from: origin)
        guard request.offset == received else { return received }
        try execute("INSERT INTO uploadPiece VALUES (?, ?, ?)", [upload, received, Data(piece)])
        guard received + piece.count < request.size else { return try finish(upload, request) }
        try execute(
            "UPDATE upload SET received = ?, created = ? WHERE number = ?",
            [received + piece.count, moment.milliseconds, upload])
        return received + piece.count
    }

    /// The row of a text that comes, and how much of it is here; the oldest beyond the limit make room.
    private func upload(_ hash: String, from origin: String) throws -> (number: Int64, received: Int) {
        let statement = try db.cachedStatement(sql: "SELECT number, received FROM upload WHERE origin = ? AND hash = ?")
        if let row = try Row.fetchOne(statement, arguments: [origin, hash]) { return (row[0], row[1]) }
        try execute(
            "INSERT INTO upload (origin, hash, received, created) VALUES (?, ?, 0, ?)",
            [origin, hash, moment.milliseconds])
        let number = db.lastInsertedRowID
        try execute(
            """
            DELETE FROM upload WHERE origin = ?1 AND number NOT IN
            (SELECT number FROM upload WHERE origin = ?1 ORDER BY number DESC LIMIT \(MessageLimits.uploads))
            """, [origin])
        return (number, 0)
    }

    private func forget(_ hash: String, from origin: String) throws {
        try execute("DELETE FROM upload WHERE origin = ? AND hash = ?", [origin, hash])
    }

    private func finish(_ upload: Int64, _ request: StoreBlob) throws -> Int {
        let pieces = try Data.fetchAll(
            db.cachedStatement(sql: "SELECT bytes FROM uploadPiece WHERE upload = ? ORDER BY start"),
            arguments: [upload])
        let bytes = pieces.flatMap { Array($0) }
        try execute("DELETE FROM upload WHERE number = ?", [upload])
        // Returned, not thrown: what was thrown away must stay so.
        guard bytes.count == request.size, SHA256.hash(bytes).hexadecimal == request.hash else { return -1 }
        try execute("INSERT OR IGNORE INTO blob VALUES (?, ?, ?)", [request.hash, Data(bytes), moment.milliseconds])
        return bytes.count
    }
}
