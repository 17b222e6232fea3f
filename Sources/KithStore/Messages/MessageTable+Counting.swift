import GRDB
import KithAPI

extension MessageTable {
    /// How many messages wait, and where.
    func counts() throws -> MessageCounts {
        MessageCounts(
            unread: try counts("SELECT agent, count(*) FROM delivery WHERE fresh = 1 GROUP BY agent") { $0 },
            unsent: try counts("SELECT node, count(*) FROM delivery WHERE box = 2 GROUP BY node", naming.text),
            held: try Int.fetchOne(db, sql: "SELECT count(*) FROM delivery WHERE box = 3") ?? 0)
    }

    private func counts(_ sql: String, _ name: (String) -> String) throws -> [String: Int] {
        let rows = try Row.fetchAll(db.cachedStatement(sql: sql))
        return Dictionary(rows.map { (name($0[0]), $0[1]) }) { $0 + $1 }
    }
}
