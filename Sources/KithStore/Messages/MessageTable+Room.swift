import GRDB
import KithAPI

/// How much room messages take up.
extension MessageTable {
    /// The bytes of all texts, and 512 for each message besides.
    func bytes() throws -> Int {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT bytes FROM messageRoom")) ?? 0
    }

    /// Whether so many bytes more would be too much.
    func isFull(for more: Int) throws -> Bool { try bytes() + more + 512 > limits.bytes }

    /// - Throws: `limited` when a text of so many bytes does not fit.
    func checkRoom(for more: Int) throws {
        guard try isFull(for: more) else { return }
        throw Self.full(limits.bytes)
    }

    static func full(_ limit: Int) -> KithError {
        KithError(
            .limited, "The messages of this node take up \(limit) bytes, the most they may.",
            hint: "Nothing was stored. Have its agents read and acknowledge: what is over makes room within a minute.")
    }

    /// Whether what is over should go early: nine tenths are taken up.
    func isCrowded() throws -> Bool { try bytes() > limits.bytes / 10 * 9 }
}
