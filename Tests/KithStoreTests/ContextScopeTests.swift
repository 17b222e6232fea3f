import Foundation
import KithAPI
import Testing

@testable import KithStore

@Suite struct ContextScopeTests {
    private func filled(_ home: Home) async throws -> Store {
        let store = try home.openStore()
        for key in ["build/1", "build/2", "build/secret/1", "other"] {
            _ = try await store.context.set(SetContext(key: key, value: "v"), from: .owner)
        }
        return store
    }

    @Test func `a peer without the grant sees nothing and changes nothing`() async throws {
        try await Home.with { home in
            let store = try await filled(home)
            for peer in [
                try Caller.peer(), try .peer(GrantRule(.observe)), try .peer(GrantRule(.contextRead, scope: ["no/"])),
            ] {
                #expect(
                    await failure { try await store.context.get(GetContext(key: "other"), from: peer) }?.code
                        == .notFound)
                #expect(try await store.context.list(ListContext(), from: peer) == ListContext.Reply(entries: []))
                #expect(
                    await failure { try await store.context.set(SetContext(key: "x", value: ""), from: peer) }?.code
                        == .denied)
                #expect(
                    await failure { try await store.context.delete(DeleteContext(key: "other"), from: peer) }?.code
                        == .denied)
            }
            #expect(try await store.context.list(ListContext(), from: .owner).entries.count == 4)
            try await store.close()
        }
    }

    @Test func `what may not be read looks exactly like what is not there`() async throws {
        try await Home.with { home in
            let store = try await filled(home)
            let peer = try Caller.peer(GrantRule(.contextRead, scope: ["build/"]))
            let denied = await failure { try await store.context.get(GetContext(key: "other"), from: peer) }
            _ = try await store.context.delete(DeleteContext(key: "other"), from: .owner)
            let absent = await failure { try await store.context.get(GetContext(key: "other"), from: peer) }
            #expect(denied == absent)
            try await store.close()
        }
    }

    @Test func `a list shows only the scope, and its cursors betray nothing`() async throws {
        try await Home.with { home in
            let store = try await filled(home)
            let peer = try Caller.peer(
                GrantRule(.contextRead), GrantRule(.contextRead, .deny, scope: ["build/secret/"]))
            let first = try await store.context.list(ListContext(limit: 2), from: peer)
            #expect(first.entries.map(\.key) == ["build/1", "build/2"])
            #expect(first.nextCursor == "build/2")
            let scoped = try Caller.peer(
                GrantRule(.contextRead, scope: ["build/"]), GrantRule(.contextRead, .deny, scope: ["build/secret/"]))
            let last = try await store.context.list(ListContext(limit: 2), from: scoped)
            #expect(last.entries.map(\.key) == ["build/1", "build/2"])
            #expect(last.nextCursor == nil)
            try await store.close()
        }
    }

    @Test func `writing is held to its own scope`() async throws {
        try await Home.with { home in
            let store = try await filled(home)
            let peer = try Caller.peer(GrantRule(.contextRead), GrantRule(.contextWrite, scope: ["build/"]))
            #expect(try await store.context.set(SetContext(key: "build/1", value: "new"), from: peer).version == 2)
            #expect(
                await failure { try await store.context.set(SetContext(key: "other", value: ""), from: peer) }?.code
                    == .denied)
            #expect(
                await failure { try await store.context.delete(DeleteContext(key: "other"), from: peer) }?.code
                    == .denied)
            #expect(try await store.context.get(GetContext(key: "other"), from: peer).value == "v")
            try await store.close()
        }
    }

    @Test func `deleting does not show a value that may not be read`() async throws {
        try await Home.with { home in
            let store = try await filled(home)
            let peer = try Caller.peer(GrantRule(.contextWrite))
            #expect(try await store.context.delete(DeleteContext(key: "other"), from: peer).value == "")
            try await store.close()
        }
    }

    @Test func `a grant that has ended opens nothing`() async throws {
        try await Home.with { home in
            let store = try await filled(home)
            let end = home.clock.now() + 10
            let peer = try Caller.peer(
                GrantRule(.contextRead, expiresAt: end), GrantRule(.contextWrite, expiresAt: end))
            #expect(try await store.context.get(GetContext(key: "other"), from: peer).value == "v")
            home.clock.advance(seconds: 10)
            #expect(
                await failure { try await store.context.get(GetContext(key: "other"), from: peer) }?.code == .notFound)
            #expect(
                await failure { try await store.context.set(SetContext(key: "other", value: ""), from: peer) }?.code
                    == .denied)
            #expect(try await store.context.list(ListContext(), from: peer).entries == [])
            try await store.close()
        }
    }
}
