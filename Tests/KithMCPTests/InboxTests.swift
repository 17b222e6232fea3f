import FoundationEssentials
import KithAPI
import Synchronization
import Testing

@testable import KithMCP

struct InboxTests {
    @Test(arguments: ["x", "ä€😀", "\u{1}\\\""])
    func `a page of the longest messages fits into a model`(letters: String) throws {
        let body = String(String(repeating: letters, count: 300_000).prefix(300_000))
        let page = InboxReading.Page(ReadInbox.Reply(entries: (0..<20).map { Self.entry(body, number: $0) }))

        #expect(page.entries.count == 20)
        #expect(try JSON.encode(page).count <= Excerpt.limit)
        #expect(page.entries.allSatisfy { body.utf8.starts(with: $0.body.utf8) && $0.nextOffset == $0.body.utf8.count })
    }

    @Test func `the pieces of a message are the message`() throws {
        let body = String(repeating: "ä€😀x", count: 40_000)
        var (text, offset) = ("", Int?.some(0))
        while let start = offset {
            let letter = Letter(Self.entry(body).message, from: start, limit: MessageReading.pieceBytes)
            (text, offset) = (text + letter.body, letter.nextOffset)
        }

        #expect(text == body)
    }

    @Test func `what was shown whole counts as read once the client has it, and nothing else does`() async throws {
        let entries = [
            Self.entry("short", number: 1), Self.entry(String(repeating: "long", count: 100_000), number: 2),
        ]
        let node = StubNode([
            "message.wait": try JSONValue(encoding: ReadInbox.Reply(entries: entries)),
            "message.seen": .object(["changed": 1]),
        ])
        let answer = await node.answering("kith_check_inbox", [:])

        #expect(node.questions.map(\.capability) == ["message.wait"])
        await answer.afterwards?()
        let seen = try #require(node.questions.last)
        #expect(try JSON.decode(SeeMessages.self, from: seen.json) == SeeMessages(messages: [entries[0].message.id]))
    }

    @Test func `a cursor reads on, and all begins with what was read before`() async throws {
        let node = StubNode(["message.inbox": try JSONValue(encoding: ReadInbox.Reply(entries: []))])
        _ = try await node.call("kith_check_inbox", ["cursor": "17", "limit": 5])
        _ = try await node.call("kith_check_inbox", ["all": true])

        let asked = try node.questions.map { try JSON.decode(ReadInbox.self, from: $0.json) }
        #expect(asked == [ReadInbox(cursor: "17", limit: 5), ReadInbox(limit: InboxReading.usual)])
    }

    private static func entry(_ body: String, number: Int = 0) -> InboxEntry {
        var generator = SystemRandomNumberGenerator()
        let id = MessageID.make(atMilliseconds: Int64(number), using: &generator)
        let moment = Date(timeIntervalSince1970: 0)
        let message = KithAPI.Message(
            id: id, from: "main@studio", to: ["main"], kind: .chat, subject: String(repeating: "\"", count: 512),
            body: body, thread: id, channel: String(repeating: "c", count: 128), ack: .want, sentAt: moment,
            expiresAt: moment)
        return InboxEntry(message: message, agent: .main, state: .stored, receivedAt: moment, isRepeat: false)
    }
}
