import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct ContextListTests {
    private func filled(_ home: Home, _ keys: [String], value: String = "v") async throws -> Store {
        let store = try home.openStore()
        for key in keys { _ = try await store.context.set(SetContext(key: key, value: value), from: .owner) }
        return store
    }

    /// The keys of every page until there is no cursor.
    private func pages(_ store: Store, _ first: ListContext, from caller: Caller = .owner) async throws -> [[String]] {
        var request = first
        var pages: [[String]] = []
        repeat {
            let reply = try await store.context.list(request, from: caller)
            pages.append(reply.entries.map(\.key))
            request.cursor = reply.nextCursor
        } while request.cursor != nil
        return pages
    }

    @Test func `keys come in the order of their bytes`() async throws {
        try await Home.with { home in
            let store = try await filled(home, ["b", "a", "é", "Z", "a/b", "e\u{301}", "a ", "🧶"])
            #expect(try await pages(store, ListContext()) == [["Z", "a", "a ", "a/b", "b", "e\u{301}", "é", "🧶"]])
            try await store.close()
        }
    }

    @Test func `pages follow each other without a gap and end exactly`() async throws {
        try await Home.with { home in
            let store = try await filled(home, ["a", "b", "c", "d"])
            #expect(try await pages(store, ListContext(limit: 3)) == [["a", "b", "c"], ["d"]])
            #expect(try await pages(store, ListContext(limit: 2)) == [["a", "b"], ["c", "d"]])
            #expect(try await pages(store, ListContext(limit: 1_000)) == [["a", "b", "c", "d"]])
            try await store.close()
        }
    }

    @Test func `a hundred come unless told otherwise`() async throws {
        try await Home.with { home in
            let store = try await filled(home, (0..<101).map { "\($0)" })
            #expect(try await pages(store, ListContext()).map(\.count) == [100, 1])
            try await store.close()
        }
    }

    @Test func `a prefix holds by bytes, whatever the cursor says`() async throws {
        try await Home.with { home in
            let store = try await filled(home, ["a", "build/", "build/1", "build/\u{301}", "build0", "c"])
            let under = ["build/", "build/1", "build/\u{301}"]
            #expect(try await pages(store, ListContext(prefix: "build/")) == [under])
            #expect(try await pages(store, ListContext(prefix: "build/", cursor: "a")) == [under])
            #expect(
                try await pages(store, ListContext(prefix: "build/", cursor: "build/")) == [Array(under.dropFirst())])
            #expect(try await pages(store, ListContext(prefix: "build/", cursor: "c")) == [[]])
            #expect(try await pages(store, ListContext(prefix: "")).joined().count == 6)
            try await store.close()
        }
    }

    @Test func `a page ends at about four MiB of JSON, but holds one entry at least`() async throws {
        try await Home.with { home in
            let plain = try await filled(home, (0..<10).map { "\($0)" }, value: String(repeating: "v", count: 1 << 20))
            #expect(try await pages(plain, ListContext()).map(\.count) == [3, 3, 3, 1])
            try await plain.close()
        }
        try await Home.with { home in
            let escaped = try await filled(home, ["a", "b"], value: String(repeating: "\u{1}", count: 1 << 20))
            #expect(try await pages(escaped, ListContext()).map(\.count) == [1, 1])
            try await escaped.close()
        }
    }
}
