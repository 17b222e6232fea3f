import Foundation
import KithAPI
import Synchronization
import Testing

@testable import KithStore

struct ContextWatchTests {
    private func changes(_ store: ContextStore, after cursor: Int, from caller: Caller = .owner, prefix: String? = nil)
        async throws -> [ContextChange]
    {
        let seen = Mutex<[ContextChange]>([])
        try await store.watch(WatchContext(prefix: prefix, cursor: cursor, follow: false), from: caller) { change in
            seen.withLock { $0.append(change) }
        }
        return seen.withLock { $0 }
    }

    @Test func `a watcher that comes back misses nothing and gets nothing twice`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            for number in 1...700 {
                _ = try await store.context.set(SetContext(key: "k\(number % 7)", value: "\(number)"), from: .owner)
            }
            let first = try await changes(store.context, after: 0)
            _ = try await store.context.delete(DeleteContext(key: "k1"), from: .owner)
            let second = try await changes(store.context, after: first.last?.cursor ?? 0)

            #expect(first.map(\.cursor) == Array(1...700))
            #expect(first.map(\.value) == (1...700).map { "\($0)" })
            #expect(second.map(\.kind) == [.deleted] && second.map(\.cursor) == [701])
            try await store.close()
        }
    }

    @Test(arguments: [Int.max, .min, -1, 1 << 53])
    func `a cursor from anywhere is answered`(cursor: Int) async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await store.context.set(SetContext(key: "k", value: "v"), from: .owner)
            let seen = try await changes(store.context, after: cursor)
            #expect(seen.filter { $0.kind == .set }.count == (cursor < 1 ? 1 : 0))
            try await store.close()
        }
    }

    @Test func `changes that were forgotten are said as a gap, and the rest follows whole`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            var limits = ContextLimits()
            limits.changes.count = 10
            let context = ContextStore(store, limits: limits)
            for number in 1...40 { _ = try await context.set(SetContext(key: "k", value: "\(number)"), from: .owner) }

            let seen = try await changes(context, after: 5)

            #expect(seen.first?.gap == CursorGap(from: 6, to: 30))
            #expect(seen.dropFirst().map(\.value) == (31...40).map { "\($0)" })
            try await store.close()
        }
    }

    @Test func `a watcher sees only keys that it may read`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            for key in ["build/a", "secret/b"] {
                _ = try await store.context.set(SetContext(key: key, value: "v"), from: .owner)
            }
            let peer = try Caller.peer(GrantRule(.contextRead, scope: ["build/"]))

            #expect(try await changes(store.context, after: 0, from: peer).map(\.key) == ["build/a"])
            let hidden = await failure {
                try await store.context.history(GetContextHistory(key: "secret/b"), from: peer)
            }
            #expect(hidden?.code == .notFound)
            try await store.close()
        }
    }

    @Test func `the history of a key says who changed it and when it ended`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let peer = try Caller.peer(GrantRule(.contextRead), GrantRule(.contextWrite))
            _ = try await store.context.set(SetContext(key: "k", value: "1"), from: .owner)
            _ = try await store.context.set(SetContext(key: "k", value: "2", secondsToLive: 5), from: peer)
            home.clock.advance(seconds: 6)
            _ = try await store.context.sweep()

            let entries = try await store.context.history(GetContextHistory(key: "k"), from: .owner).entries

            #expect(entries.map(\.kind) == [.expired, .set, .set])
            #expect(entries.map(\.value) == [nil, "2", "1"])
            #expect(entries.map(\.by) == ["node", "studio", "owner"])
            try await store.close()
        }
    }

    @Test func `a peer fills its own quota and nobody else's`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            var limits = ContextLimits()
            limits.perPeer = (entries: 3, bytes: 100)
            let context = ContextStore(store, limits: limits)
            let peer = try Caller.peer(GrantRule(.contextWrite))
            for key in ["a", "b"] { _ = try await context.set(SetContext(key: key, value: "v"), from: peer) }

            let big = await failure {
                try await context.set(SetContext(key: "c", value: String(repeating: "v", count: 200)), from: peer)
            }
            _ = try await context.set(SetContext(key: "c", value: "v"), from: peer)
            let many = await failure { try await context.set(SetContext(key: "d", value: "v"), from: peer) }

            #expect([big?.code, many?.code] == [.limited, .limited])
            _ = try await context.set(SetContext(key: "d", value: "v"), from: .owner)
            _ = try await context.delete(DeleteContext(key: "a"), from: .owner)
            _ = try await context.set(SetContext(key: "e", value: "v"), from: peer)
            try await store.close()
        }
    }

    /// Line 11 of the acceptance: entries do not spread by themselves, so only a writer could bring one back.
    @Test func `who was away for 31 days cannot bring a deleted key back with what it knew`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let known = try await store.context.set(SetContext(key: "k", value: "old"), from: .owner)
            _ = try await store.context.delete(DeleteContext(key: "k"), from: .owner)
            home.clock.advance(seconds: 31 * 86_400)
            _ = try await store.context.sweep()

            let error = await failure {
                try await store.context.set(SetContext(key: "k", value: "old", ifVersion: known.version), from: .owner)
            }

            #expect(error?.code == .contextVersion)
            #expect(try await store.context.set(SetContext(key: "k", value: "new"), from: .owner).version == 2)
            try await store.close()
        }
    }
}
