import KithAPI
import Synchronization
import Testing

@testable import KithMCP

struct ResourceWatchTests {
    @Test func `a key is watched from its last change on, and other keys are none of its business`() async throws {
        let node = WatchedNode([
            [.change(41, "a/b"), .change(42, "a"), .gap(50)]
        ])
        try await node.watch("kith://context/a", until: 2)

        #expect(node.asked == [WatchContext(prefix: "a", cursor: 40)])
    }

    @Test func `after the daemon was away it goes on where it stopped`() async throws {
        let node = WatchedNode([[.change(42, "a")], [.change(43, "a")]])
        try await node.watch("kith://context/a", until: 2)

        #expect(node.asked == [WatchContext(prefix: "a", cursor: 40), WatchContext(prefix: "a", cursor: 42)])
    }

    @Test func `how the node is cannot be watched`() {
        #expect(throws: RPCError.self) { try ResourceShelf.watchable("kith://status", at: .july2026) }
    }
}

/// A node whose feed of changes ends after each of these lists, and then stays silent.
private final class WatchedNode: Sendable {
    private let parts: [[ContextChange]]
    private let heard = Mutex<[WatchContext]>([])

    init(_ parts: [[ContextChange]]) { self.parts = parts }

    var asked: [WatchContext] { heard.withLock { $0 } }

    private var access: NodeAccess {
        NodeAccess { _ in
            try JSON.encode(GetContextHistory.Reply(entries: [.change(40, "a")]))
        } feed: { question, each in
            let request = try JSON.decode(WatchContext.self, from: question.json)
            let number = self.heard.withLock { heard in
                heard.append(request)
                return heard.count - 1
            }
            for change in self.parts[number] { try await each(try JSON.encode(change)) }
            if number == self.parts.count - 1 { for await _ in AsyncStream<Never>.makeStream().stream {} }
        }
    }

    /// Watches until so many changes were told.
    func watch(_ uri: String, until count: Int) async throws {
        let client = ClientFacts(revision: .november2025, name: "test")
        let errand = Errand(
            server: MCPServer(node: access), request: Request(id: .number(1), method: "x", params: [:]), client: client,
            outlet: Outlet { _, _ in })
        let (told, tell) = AsyncStream.makeStream(of: Void.self)
        let watch = ResourceWatch(try ResourceShelf.Resource(uri, at: client.revision), errand) { tell.yield() }
        let watching = Task { try await watch.run {} }
        var left = count
        for await _ in told {
            left -= 1
            if left == 0 { break }
        }
        watching.cancel()
        _ = await watching.result
    }
}

extension ContextChange {
    fileprivate static func change(_ cursor: Int, _ key: String) -> ContextChange {
        ContextChange(cursor: cursor, kind: .set, key: key)
    }

    fileprivate static func gap(_ cursor: Int) -> ContextChange { ContextChange(cursor: cursor, kind: .gap) }
}
