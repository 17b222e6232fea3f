import GRDB
import KithAPI
import Testing

@testable import KithStore

@Suite struct MigrationTests {
    /// What a node of before the fifth step had on its disk.
    private func fill(_ path: String) throws {
        let old = try DatabaseQueue(path: path)
        try Migrations.all.migrate(old, upTo: "004 tasks")
        try old.write { db in
            for (key, value, writer) in [("a", "12345", ""), ("b", "123", "peer"), ("c", "1", "peer")] {
                try db.execute(
                    sql: "INSERT INTO context VALUES (?, 1, 0, 0, NULL, CAST(? AS BLOB), ?)",
                    arguments: [key, value, writer])
                try db.execute(
                    sql: """
                        INSERT INTO contextChange (key, kind, version, at, by, value)
                        VALUES (?, 'set', 1, 0, 'owner', CAST(? AS BLOB))
                        """, arguments: [key, value])
            }
        }
        try old.close()
    }

    @Test func `an older database keeps its entries, its changes and its counts`() async throws {
        try await Home.with { home in
            try fill("\(home.folder)/kith.sqlite")

            let store = try home.openStore()
            var limits = ContextLimits()
            limits.changes.bytes = 8
            let context = ContextStore(store, limits: limits)
            _ = try await context.set(SetContext(key: "a", value: "1234"), from: .owner)

            let counts = try await store.read { db in
                try Row.fetchAll(db, sql: "SELECT * FROM contextUsage ORDER BY writer").map { "\($0)" }
            }
            #expect(
                counts == [
                    "[writer:\"\" entries:1 bytes:5]", "[writer:\"peer\" entries:2 bytes:6]",
                ])
            let kept = try await context.read { try $0.changes(after: 0, limit: 10).map { $0.value ?? "gap" } }
            #expect(kept == ["gap", "123", "1", "1234"])
            try await store.close()
        }
    }
}
