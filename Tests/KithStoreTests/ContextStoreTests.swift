import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct ContextStoreTests {
    private func set(
        _ store: Store, _ key: String, _ value: String = "1", seconds: Int? = nil, ifVersion: Int? = nil
    ) async throws -> ContextEntry {
        let request = SetContext(key: key, value: value, secondsToLive: seconds, ifVersion: ifVersion)
        return try await store.context.set(request, from: .owner)
    }

    private func get(_ store: Store, _ key: String) async throws -> ContextEntry {
        try await store.context.get(GetContext(key: key), from: .owner)
    }

    @Test func `a change raises the version and keeps the time of creation, to the millisecond`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let first = home.clock.now()
            _ = try await set(store, "a", "1")
            home.clock.advance(seconds: 1.5)
            let entry = try await set(store, "a", "2", seconds: 60)
            let expected = ContextEntry(
                key: "a", value: "2", version: 2, createdAt: first, updatedAt: first + 1.5, expiresAt: first + 61.5)
            #expect(Moment(entry.createdAt) == Moment(expected.createdAt))
            #expect(entry.version == 2 && entry.value == "2")
            #expect(entry.updatedAt.timeIntervalSince(entry.createdAt) == 1.5)
            #expect(entry.expiresAt?.timeIntervalSince(entry.updatedAt) == 60)
            #expect(try await get(store, "a") == entry)
            try await store.close()
        }
    }

    @Test func `a moment comes back from its date unchanged`() {
        let moments = (0..<10_000).map { Moment(milliseconds: 1_700_000_000_000 + Int64($0) * 7_919) }
        #expect(moments.map { Moment($0.date) } == moments)
    }

    @Test(arguments: ["", "nul\0inside", "\u{1}\u{7F}\n\"\\", "e\u{301}é", "🧶"])
    func `a value comes back byte for byte`(value: String) async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await set(store, "a", value)
            #expect(try await Array(get(store, "a").value.utf8) == Array(value.utf8))
            try await store.close()
        }
    }

    @Test func `keys that only look alike are two keys`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await set(store, "\u{E9}", "one")
            _ = try await set(store, "e\u{301}", "two")
            #expect(try await get(store, "\u{E9}").value == "one")
            #expect(try await get(store, "e\u{301}").value == "two")
            try await store.close()
        }
    }

    @Test func `a stale version is refused with the present one`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await set(store, "a")
            _ = try await set(store, "a")
            let stale = await failure { try await set(store, "a", ifVersion: 1) }
            #expect(stale?.code == .contextVersion && stale?.details == ["version": "2"])
            let exists = await failure { try await set(store, "a", ifVersion: 0) }
            #expect(exists?.code == .contextVersion && exists?.details == ["version": "2"])
            let absent = await failure { try await set(store, "b", ifVersion: 1) }
            #expect(absent?.code == .contextVersion && absent?.details == ["version": "0"])
            #expect(try await set(store, "a", ifVersion: 2).version == 3)
            #expect(try await set(store, "b", ifVersion: 0).version == 1)
            try await store.close()
        }
    }

    @Test func `deleting answers with what was held, once, and only the version asked for`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let entry = try await set(store, "a")
            let stale = await failure {
                try await store.context.delete(DeleteContext(key: "a", ifVersion: 7), from: .owner)
            }
            #expect(stale?.code == .contextVersion && stale?.details == ["version": "1"])
            #expect(try await store.context.delete(DeleteContext(key: "a", ifVersion: 1), from: .owner) == entry)
            #expect(
                await failure { try await store.context.delete(DeleteContext(key: "a"), from: .owner) }?.code
                    == .notFound)
            #expect(await failure { try await get(store, "a") }?.code == .notFound)
            try await store.close()
        }
    }

    @Test func `a writer that read before the deletion cannot overwrite what came after it`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await set(store, "a", "read by somebody")
            _ = try await store.context.delete(DeleteContext(key: "a"), from: .owner)
            #expect(try await set(store, "a", "new").version == 2)
            #expect(await failure { try await set(store, "a", "stale", ifVersion: 1) }?.code == .contextVersion)
            try await store.close()
        }
    }

    @Test func `the versions of only so many forgotten keys are kept`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let context = ContextStore(store, limits: ContextLimits(past: 2))
            for key in ["a", "b", "c"] {
                _ = try await context.set(SetContext(key: key, value: ""), from: .owner)
                _ = try await context.delete(DeleteContext(key: key), from: .owner)
            }
            #expect(try await [set(store, "a"), set(store, "b"), set(store, "c")].map(\.version) == [1, 2, 2])
            try await store.close()
        }
    }

    @Test func `an expired entry is nowhere to be seen`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await set(store, "a", seconds: 10)
            home.clock.advance(seconds: 9.999)
            #expect(try await get(store, "a").value == "1")
            home.clock.advance(seconds: 0.002)
            #expect(await failure { try await get(store, "a") }?.code == .notFound)
            #expect(try await store.context.list(ListContext(), from: .owner).entries == [])
            #expect(
                await failure { try await store.context.delete(DeleteContext(key: "a"), from: .owner) }?.code
                    == .notFound)
            #expect(await failure { try await set(store, "a", ifVersion: 1) }?.details == ["version": "0"])
            let anew = try await set(store, "a", ifVersion: 0)
            #expect(anew.version == 2 && anew.createdAt == anew.updatedAt && anew.expiresAt == nil)
            try await store.close()
        }
    }

    @Test func `storing without a time to live takes an earlier one away`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            _ = try await set(store, "a", seconds: 10)
            _ = try await set(store, "a")
            home.clock.advance(seconds: 1_000)
            #expect(try await get(store, "a").version == 2)
            try await store.close()
        }
    }

    @Test func `sweeping forgets what has expired and nothing else`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            for number in 0..<1_100 {
                _ = try await set(store, "short/\(number)", seconds: 5)
            }
            _ = try await set(store, "long", seconds: 50)
            _ = try await set(store, "ever")
            #expect(try await store.context.sweep() == 0)
            home.clock.advance(seconds: 5)
            #expect(try await store.context.sweep() == 1_100)
            #expect(try await store.context.list(ListContext(), from: .owner).entries.map(\.key) == ["ever", "long"])
            #expect(try await store.context.sweep() == 0)
            #expect(try await set(store, "short/1").version == 2)
            try await store.close()
        }
    }
}
