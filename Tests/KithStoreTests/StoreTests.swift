import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct StoreTests {
    @Test func `a new store is sound and its files belong to the owner alone`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await store.context.set(SetContext(key: "a", value: "1"), from: .owner)
            #expect(store.report == .sound)
            for name in try home.names() { #expect(try home.mode(name) == 0o600, "\(name)") }
            #expect(try home.names() == ["kith.sqlite", "kith.sqlite-shm", "kith.sqlite-wal"])
            try await store.close()
        }
    }

    @Test func `every commit is synced to the disk`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let modes = try await store.writer.perform { try Store.durability($0) }
            #expect(modes == Store.Durability(synchronous: 2, journal: "wal"))
            try await store.close()
        }
    }

    @Test func `an existing file that others could read is made private`() async throws {
        try await Home.with { home in
            try await home.openStore().close()
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: home.path("kith.sqlite"))
            let store = try home.openStore()
            #expect(try home.mode("kith.sqlite") == 0o600)
            try await store.close()
        }
    }

    @Test func `what was stored is there after reopening`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let entry = try await store.context.set(SetContext(key: "a", value: "1"), from: .owner)
            try await store.close()
            let again = try home.openStore()
            #expect(try await again.context.get(GetContext(key: "a"), from: .owner) == entry)
            try await again.close()
        }
    }

    @Test func `a database of a newer Kith is refused and not touched`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            try await store.writer.perform { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 future')") }
            try await store.close()
            let before = try home.read("kith.sqlite")
            let error = await failure { try home.openStore() }
            #expect(error?.code == .unavailable)
            #expect(error?.hint != nil)
            #expect(try home.read("kith.sqlite") == before)
            #expect(try !home.names().contains { $0.contains("damaged") })
        }
    }

    @Test func `a closed store refuses with a word`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            try await store.close()
            #expect(
                await failure { try await store.context.get(GetContext(key: "a"), from: .owner) }?.code == .unavailable)
            #expect(
                await failure { try await store.context.set(SetContext(key: "a", value: ""), from: .owner) }?.code
                    == .unavailable)
        }
    }

    @Test func `a creation that a crash cut short is begun anew`() async throws {
        try await Home.with { home in
            try home.write(Array("half a draft".utf8), to: "kith.sqlite.new")
            let store = try home.openStore()
            #expect(store.report == .sound)
            #expect(try !home.names().contains("kith.sqlite.new"))
            try await store.close()
        }
    }
}
