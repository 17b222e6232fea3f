import KithAPI
import Testing

@testable import KithStore

@Suite struct InboxReaderTests {
    /// One who waits for messages of `main`, and found nothing at first.
    private func reader(_ node: Fleet.Node, channel: String? = nil) async throws -> InboxReader {
        let reader = try node.messages.reader(WaitForMessage(channel: channel), of: .main)
        #expect(try await node.messages.news(for: reader).page.entries == [])
        return reader
    }

    private func bodies(_ news: InboxReader.News) -> [String]? {
        guard case .page(let page) = news else { return nil }
        return page.entries.map(\.message.body)
    }

    @Test func `what is stored is handed to who waits, once, and is noted as handed out`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let waiting = try await reader(studio)
            try await laptop.send(SendMessage(to: ["x"], body: "a"), to: [("main", studio)])
            try await laptop.deliver(to: studio)
            try await laptop.send(SendMessage(to: ["x"], body: "b"), to: [("main", studio)])
            try await laptop.deliver(to: studio)

            #expect(bodies(await waiting.news()) == ["a"])
            #expect(try await studio.inbox().map(\.isRepeat) == [true, false])
        }
    }

    @Test func `who asked for something else looks again, and nothing counts as handed out`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let waiting = try await reader(node, channel: "b")

            try await node.send(SendMessage(to: ["main"], body: "a", channel: "a"), to: [("main", nil)])

            #expect(bodies(await waiting.news()) == nil)
            #expect(try await node.inbox().map(\.isRepeat) == [false])
        }
    }

    @Test func `who was dismissed is handed nothing`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let waiting = try await reader(node)
            node.messages.dismiss(waiting)

            try await node.send(SendMessage(to: ["main"], body: "a"), to: [("main", nil)])

            #expect(bodies(await waiting.news()) == nil)
            #expect(try await node.inbox().map(\.isRepeat) == [false])
        }
    }

    @Test func `what was not written is not handed out`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let waiting = try await reader(node)
            let draft = try MessageDraft(
                SendMessage(to: ["main"], body: "a"), from: .main, to: [.init(agent: .main, node: nil)])

            let error = await failure {
                try await node.messages.handingOut(bytes: 0) { table, handing in
                    _ = try table.post(draft, id: .example)
                    try handing.handOut(to: ["main"], table)
                    throw KithError(.conflict, "Half-way.")
                }
            }

            #expect(error?.code == .conflict)
            #expect(bodies(await waiting.news()) == nil)
            #expect(try await node.inbox() == [])
        }
    }
}
