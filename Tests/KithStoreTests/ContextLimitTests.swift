import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct ContextLimitTests {
    private func code(_ request: SetContext) async throws -> ErrorCode? {
        try await Home.with { home in
            let store = try home.openStore()
            let error = await failure { try await store.context.set(request, from: .owner) }
            try await store.close()
            return error?.code
        }
    }

    @Test(arguments: ["", String(repeating: "k", count: 513), String(repeating: "é", count: 257), "nul\0"])
    func `a key that is empty, too long or holds NUL is refused everywhere`(key: String) async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let context = store.context
            #expect(
                await failure { try await context.set(SetContext(key: key, value: ""), from: .owner) }?.code
                    == .requestInvalid)
            #expect(
                await failure { try await context.get(GetContext(key: key), from: .owner) }?.code == .requestInvalid)
            #expect(
                await failure { try await context.delete(DeleteContext(key: key), from: .owner) }?.code
                    == .requestInvalid)
            #expect(
                await failure { try await context.list(ListContext(cursor: key), from: .owner) }?.code
                    == .requestInvalid)
            try await store.close()
        }
    }

    @Test func `a key of 512 bytes and a value of 1 MiB are taken, a byte more is not`() async throws {
        let key = String(repeating: "k", count: 512)
        #expect(try await code(SetContext(key: key, value: String(repeating: "v", count: 1 << 20))) == nil)
        #expect(
            try await code(SetContext(key: key, value: String(repeating: "v", count: 1 << 20 + 1))) == .requestTooLarge)
    }

    @Test(arguments: [(-1, false), (0, false), (1, true), (315_360_000, true), (315_360_001, false), (.max, false)])
    func `an entry lives between a second and ten years`(seconds: Int, isTaken: Bool) async throws {
        #expect(
            try await code(SetContext(key: "a", value: "", secondsToLive: seconds)) == (isTaken ? nil : .requestInvalid)
        )
    }

    @Test func `a negative version is refused`() async throws {
        #expect(try await code(SetContext(key: "a", value: "", ifVersion: -1)) == .requestInvalid)
    }

    @Test(arguments: [-1, 0, 1_001])
    func `a page has 1 to 1000 entries`(limit: Int) async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let error = await failure { try await store.context.list(ListContext(limit: limit), from: .owner) }
            #expect(error?.code == .requestInvalid)
            try await store.close()
        }
    }

    @Test func `one entry more than the node may hold is refused, and the limit is named`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let context = ContextStore(store, limits: ContextLimits(entries: 3))
            for key in ["a", "b", "c"] { _ = try await context.set(SetContext(key: key, value: ""), from: .owner) }
            let error = await failure { try await context.set(SetContext(key: "d", value: ""), from: .owner) }
            #expect(error?.code == .limited)
            #expect(error?.message.contains("3") == true)
            #expect(try await context.set(SetContext(key: "a", value: "changed"), from: .owner).version == 2)
            _ = try await context.delete(DeleteContext(key: "b"), from: .owner)
            _ = try await context.set(SetContext(key: "d", value: ""), from: .owner)
            #expect(
                await failure { try await context.set(SetContext(key: "e", value: ""), from: .owner) }?.code == .limited
            )
            try await store.close()
        }
    }

    @Test func `what has expired makes room`() async throws {
        try await Home.with { home in
            let store = try home.openStore()
            let context = ContextStore(store, limits: ContextLimits(entries: 1))
            _ = try await context.set(SetContext(key: "a", value: "", secondsToLive: 1), from: .owner)
            home.clock.advance(seconds: 2)
            _ = try await context.set(SetContext(key: "b", value: ""), from: .owner)
            #expect(try await context.list(ListContext(), from: .owner).entries.map(\.key) == ["b"])
            try await store.close()
        }
    }

    @Test func `the limits are those of the design`() {
        let limits = ContextLimits()
        #expect(limits.entries == 100_000)
        #expect(ContextLimits.keyBytes == 512)
        #expect(ContextLimits.valueBytes == 1_048_576)
        #expect(WriteLimits().waiting == 10_000)
    }
}
