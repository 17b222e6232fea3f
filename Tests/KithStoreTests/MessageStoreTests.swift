import Foundation
import GRDB
import KithAPI
import Testing

@testable import KithStore

struct MessageStoreTests {
    @Test func `each delivery is in exactly the state that is true`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let sent = try await laptop.send(SendMessage(to: ["main@studio"], body: "hello"), to: [("main", studio)])
            #expect(sent.deliveries.map(\.state) == [.accepted])

            try await laptop.deliver(to: studio)
            #expect(try await laptop.states(of: sent.id) == [.stored])

            let entries = try await studio.inbox()
            #expect(entries.map(\.message.body) == ["hello"])
            #expect(entries.map(\.message.from) == ["main@laptop"])
            try await laptop.collectReceipts(from: studio)
            #expect(try await laptop.states(of: sent.id) == [.stored])

            _ = try await studio.messages.mark([sent.id], of: .main, as: .surfaced)
            #expect(try await laptop.states(of: sent.id) == [.stored])
            try await laptop.collectReceipts(from: studio)
            #expect(try await laptop.states(of: sent.id) == [.surfaced])

            _ = try await studio.messages.mark([sent.id], of: .main, as: .acked)
            try await laptop.collectReceipts(from: studio)
            #expect(try await laptop.states(of: sent.id) == [.acked])
            #expect(try await studio.inbox() == [])
        }
    }

    @Test func `a parcel that comes twice is stored once`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            for number in 0..<5 {
                try await laptop.send(SendMessage(to: ["x"], body: "\(number)"), to: [("main", studio)])
            }
            try await laptop.deliver(to: studio, loses: true)
            try await laptop.deliver(to: studio, loses: true)

            try await laptop.deliver(to: studio)

            #expect(try await studio.inbox().map(\.message.body) == ["0", "1", "2", "3", "4"])
        }
    }

    @Test func `what is acknowledged before the answer arrives is not stored again`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let sent = try await laptop.send(SendMessage(to: ["x"], body: "once"), to: [("main", studio)])
            try await laptop.deliver(to: studio, loses: true)
            _ = try await studio.messages.mark([sent.id], of: .main, as: .acked)

            try await laptop.deliver(to: studio)

            #expect(try await laptop.states(of: sent.id) == [.acked])
            #expect(try await studio.inbox() == [])
        }
    }

    @Test func `the same idempotency key sends once, and another text under it is refused`() async throws {
        try await Fleet.with { fleet in
            let request = SendMessage(to: ["main"], body: "a", idempotencyKey: "k")
            let first = try await fleet.laptop.send(request, to: [("main", nil)])

            let again = try await fleet.laptop.send(request, to: [("main", nil)])
            let other = await failure {
                try await fleet.laptop.send(
                    SendMessage(to: ["main"], body: "b", idempotencyKey: "k"), to: [("main", nil)])
            }

            #expect(again.id == first.id && again.isRepeat && !first.isRepeat)
            #expect(other?.code == .conflict)
            #expect(try await fleet.laptop.inbox().count == 1)
        }
    }

    @Test func `a message that was handed out before says so`() async throws {
        try await Fleet.with { fleet in
            try await fleet.laptop.send(SendMessage(to: ["main"], body: "a"), to: [("main", nil)])

            let looked = try await fleet.laptop.inbox(peek: true)
            let first = try await fleet.laptop.inbox()
            let second = try await fleet.laptop.inbox()

            #expect([looked, first, second].map { $0.map(\.isRepeat) } == [[false], [false], [true]])
            #expect(second.map(\.state) == [.stored])
        }
    }

    @Test func `a message lives as long as it should, and its sender is told when it expires`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let sent = try await laptop.send(
                SendMessage(to: ["x"], body: "soon", ack: .want, secondsToLive: 60), to: [("main", studio)])
            try await laptop.deliver(to: studio)
            fleet.clock.advance(seconds: 61)
            #expect(try await studio.inbox() == [])

            _ = try await studio.messages.sweep()
            try await laptop.collectReceipts(from: studio)

            #expect(try await laptop.states(of: sent.id) == [.expired])
            #expect(try await laptop.inbox().map(\.message.kind) == [.notice])
        }
    }

    @Test func `what was put back comes again later, and the fifth time it is dead`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let sent = try await node.send(SendMessage(to: ["main"], body: "a"), to: [("main", nil)])
            for _ in 1...4 {
                _ = try await node.messages.putBack(NackMessages(messages: [sent.id], seconds: 30), of: .main)
                #expect(try await node.inbox() == [])
                let news = try await node.messages.news(
                    for: node.messages.reader(WaitForMessage(), of: .main))
                #expect(news.page.entries == [] && news.nextDue == 30)
                fleet.clock.advance(seconds: 31)
                #expect(try await node.inbox().map(\.isRepeat).count == 1)
            }

            _ = try await node.messages.putBack(NackMessages(messages: [sent.id], reason: "busy"), of: .main)

            let delivery = try #require(try await node.messages.record(sent.id).deliveries.first)
            #expect(delivery.state == .dead)
            #expect(delivery.reason == "put back 5 times; busy")
        }
    }

    @Test func `an answer acknowledges, and stays in the conversation`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let asked = try await laptop.send(SendMessage(to: ["x"], body: "?", ack: .need), to: [("main", studio)])
            try await laptop.deliver(to: studio)

            let answer = try await studio.send(
                SendMessage(to: ["main@laptop"], body: "!", replyTo: asked.id), to: [("main", laptop)])
            try await studio.deliver(to: laptop)
            try await laptop.collectReceipts(from: studio)

            #expect(answer.thread == asked.thread)
            #expect(try await laptop.states(of: asked.id) == [.acked])
            let thread = try await laptop.messages.thread(ReadThread(thread: asked.id))
            #expect(thread.entries.map(\.message.body) == ["?", "!"])
        }
    }

    @Test func `the most specific rule decides what comes in`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            try await studio.register("reviewer", "builder")
            _ = try await studio.messages.policy(SetMessagePolicy(verdict: .refuse), peer: nil)
            _ = try await studio.messages.policy(SetMessagePolicy(verdict: .hold), peer: laptop.id)
            _ = try await studio.messages.policy(
                SetMessagePolicy(agent: AgentName(nearest: "reviewer"), verdict: .accept), peer: laptop.id)
            let sent = try await laptop.send(
                SendMessage(to: ["all"], body: "a"), to: [("main", studio), ("reviewer", studio), ("builder", studio)])

            try await laptop.deliver(to: studio)

            #expect(try await laptop.states(of: sent.id) == [.held, .stored, .held])
            #expect(try await studio.inbox() == [])
            let change = try await studio.messages.release(ReleaseMessages(messages: [sent.id], verdict: .accept))
            #expect(change.count == 2)
            #expect(try await studio.inbox().count == 1)
        }
    }

    @Test func `a message for an agent that is not there is refused, and the sender is told in words`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let sent = try await laptop.send(SendMessage(to: ["x"], body: "a"), to: [("nobody", studio)])

            try await laptop.deliver(to: studio)

            #expect(try await laptop.states(of: sent.id) == [.refused])
            let notice = try #require(try await laptop.inbox().first?.message)
            #expect(notice.kind == .notice && notice.replyTo == sent.id)
            #expect(notice.body == "Your message to nobody@studio is refused: there is no agent nobody")
        }
    }

    @Test func `no more wait for one agent than may, and then nothing is stored`() async throws {
        var limits = MessageLimits()
        limits.waiting = 3
        try await Fleet.with(limits: limits) { fleet in
            for _ in 1...3 { try await fleet.laptop.send(SendMessage(to: ["main"], body: "a"), to: [("main", nil)]) }

            let error = await failure {
                try await fleet.laptop.send(SendMessage(to: ["main"], body: "a"), to: [("main", nil)])
            }

            #expect(error?.code == .limited)
            #expect(try await fleet.laptop.inbox().count == 3)
        }
    }

    @Test func `a peer cannot take the id of another node's message`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let own = try await studio.send(SendMessage(to: ["main"], body: "mine"), to: [("main", nil)])
            try await laptop.send(SendMessage(to: ["x"], body: "forged"), to: [("main", studio)])
            var letters = try await laptop.letters(to: studio)
            letters[0].id = own.id

            let outcomes = try await studio.messages.receive(letters, stream: "s", from: laptop.id).outcomes

            #expect(outcomes.map(\.state) == [.refused])
            #expect(try await studio.inbox().map(\.message.body) == ["mine"])
        }
    }

    @Test func `a long text counts only when all of it is here and its hash fits`() async throws {
        try await Fleet.with { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let text = String(repeating: "ä\u{0}€", count: 30_000)
            try await laptop.send(SendMessage(to: ["x"], body: text), to: [("main", studio)])
            let hash = try #require(try await laptop.letters(to: studio).first?.blob)
            let bytes = try await laptop.messages.blob(hash)
            func piece(_ range: Range<Int>) -> StoreBlob {
                StoreBlob(
                    hash: hash, size: bytes.count, offset: range.lowerBound,
                    piece: Data(bytes[range]).base64EncodedString())
            }

            #expect(try await studio.messages.add(piece(0..<1_000), from: laptop.id) == 1_000)
            #expect(try await studio.messages.add(piece(5_000..<6_000), from: laptop.id) == 1_000)
            var wrong = piece(1_000..<bytes.count)
            wrong.piece = Data([UInt8](repeating: 7, count: bytes.count - 1_000)).base64EncodedString()
            #expect(await failure { try await studio.messages.add(wrong, from: laptop.id) }?.code == .fileChecksum)
            #expect(try await studio.messages.add(piece(0..<bytes.count), from: laptop.id) == bytes.count)
            try await laptop.deliver(to: studio)

            #expect(try await studio.inbox().map(\.message.body) == [text])
        }
    }

    /// What ten thousand messages cost is measured by `scripts/bench store`; that it can be flat is decided here.
    @Test func `listing and acknowledging look nothing up by going through it all`() async throws {
        try await Fleet.with { fleet in
            let plans = try await fleet.laptop.store.read { db in
                try [
                    "SELECT * FROM delivery d JOIN message m ON m.number = d.message WHERE d.box = 1 AND d.agent = 'a' "
                        + "AND d.number > 5 ORDER BY d.number",
                    "SELECT * FROM delivery d JOIN message m ON m.number = d.message WHERE d.fresh = 1 AND d.agent = 'a' "
                        + "AND d.number > 5 ORDER BY d.number",
                    "SELECT * FROM delivery d WHERE d.message = 7 AND d.node = '' AND d.agent = 'a'",
                    "SELECT * FROM delivery d WHERE d.box = 2 AND d.node = 'x' ORDER BY d.sequence",
                    "SELECT * FROM delivery d WHERE d.owes = 1 AND d.origin = 'x' ORDER BY d.number",
                ].map { try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \($0)").map { $0["detail"] as String } }
            }
            for plan in plans {
                #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
            }
        }
    }

    @Test func `what was over a month ago is forgotten, with its long text`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let sent = try await node.send(
                SendMessage(to: ["main"], body: String(repeating: "a", count: 70_000)), to: [("main", nil)])
            _ = try await node.messages.mark([sent.id], of: .main, as: .acked)
            fleet.clock.advance(seconds: 38 * 86_400)

            _ = try await node.messages.sweep()

            #expect(await failure { try await node.messages.record(sent.id) }?.code == .notFound)
            #expect(try await node.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM blob") } == 0)
        }
    }
}
