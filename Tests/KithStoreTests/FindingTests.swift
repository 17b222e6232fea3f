import Foundation
import KithAPI
import Testing

@testable import KithStore

/// Messages and tasks found by the beginnings of their ids.
struct FindingTests {
    @Test func `all messages are listed, sent and received, newest first and a page at a time`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            var sent: [MessageID] = []
            for body in ["one\nmore", "two", String(repeating: "x", count: 500)] {
                fleet.clock.advance(seconds: 1)
                sent.append(try await laptop.send(SendMessage(to: ["@studio"], body: body), to: [("main", studio)]).id)
            }
            try await laptop.deliver(to: studio)

            let first = try await laptop.messages.list(ListMessages(limit: 2))
            let rest = try await laptop.messages.list(ListMessages(cursor: first.nextCursor, limit: 2))

            #expect((first.entries + rest.entries).map(\.id) == sent.reversed())
            #expect(first.entries[0].about == String(repeating: "x", count: 119) + "…")
            #expect(rest.entries.map(\.about) == ["one…"] && rest.nextCursor == nil)
            #expect(first.entries.map(\.states) == [["stored": 1], ["stored": 1]])
            #expect(
                try await studio.messages.list(ListMessages()).entries.map(\.from)
                    == Array(repeating: "main@laptop", count: 3))
            #expect(try await studio.messages.list(ListMessages(sent: true)).entries == [])
        }
    }

    @Test func `a message is found by the beginning of its id`() async throws {
        try await Fleet.with { fleet in
            let one = try await fleet.laptop.send(SendMessage(to: ["@studio"], body: "1"), to: [("main", fleet.studio)])
                .id
            func find(_ beginning: String) async throws -> [MessageID] {
                try await fleet.laptop.messages.list(ListMessages(beginning: beginning)).entries.map(\.id)
            }

            #expect(try await find(one.text) == [one])
            #expect(try await find(String(one.text.prefix(6))) == [one])
            for odd in ["%", "\(one.text)0", "fff"] { #expect(try await find(odd) == []) }
        }
    }

    @Test func `who did not get a message is told who did`() async throws {
        try await Fleet.with { fleet in
            try await fleet.studio.register("reviewer")
            let sent = try await fleet.laptop.send(
                SendMessage(to: ["reviewer@studio"], body: "1"), to: [("reviewer", fleet.studio)])
            try await fleet.laptop.deliver(to: fleet.studio)

            let there = await #expect(throws: KithError.self) {
                try await fleet.studio.messages.mark([sent.id], of: .main, as: .acked)
            }
            let here = await #expect(throws: KithError.self) {
                try await fleet.laptop.messages.putBack(NackMessages(messages: [sent.id]), of: .main)
            }

            #expect(there?.message == "Message \(sent.id) did not come to main.")
            #expect(there?.hint == "It came to reviewer: speak for that agent with `--as`.")
            #expect(here?.hint == "It came to nobody here; `kith message status` says where it is.")
        }
    }

    @Test(arguments: [ListMessages(limit: 0), ListMessages(limit: 1_001), ListMessages(cursor: "1")])
    func `a list that cannot be is refused`(request: ListMessages) async throws {
        try await Fleet.with { fleet in
            await #expect(throws: KithError.self) { try await fleet.laptop.messages.list(request) }
        }
    }

    @Test func `tasks are found here and, for the owner alone, among those of others`() async throws {
        try await Fleet.with { fleet in
            let here = try await fleet.laptop.tasks.post(
                PostTask(title: "here"), by: TaskStore.Author(agent: .main, node: nil)
            ).task
            let there = try await fleet.studio.tasks.post(
                PostTask(title: "there"), by: TaskStore.Author(agent: .main, node: nil)
            ).task
            try await fleet.laptop.tasks.copy(there)
            func find(_ beginning: String, isOwner: Bool = true) async throws -> [String] {
                try await fleet.laptop.tasks.find(FindTasks(beginning: beginning), isOwner: isOwner).entries.map(
                    \.title)
            }

            #expect(try await find("t") == ["here", "there"])
            #expect(try await find("t", isOwner: false) == ["here"])
            #expect(try await find(String(there.id.text.prefix(8))) == ["there"])
            #expect(try await find(here.id.text) == ["here"])
            for odd in ["t%", "u"] { #expect(try await find(odd) == []) }
        }
    }
}
