import Foundation
import KithAPI
import Testing

/// Real daemons, really killed and stopped. Lines of the acceptance list; the number stands in each name.
@Suite(.serialized)
struct CrashSerialTests {
    @Test func `3 kill -9 of either side, in every state: nothing is lost, doubled or said early`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            // accepted: the recipient is dead, then the sender dies as well.
            try await studio.kill()
            let request = SendMessage(to: ["main@studio"], body: "through everything", ack: .want)
            let message = try await laptop.ask(request).id
            #expect(try await laptop.state(of: message) == .accepted)
            try await laptop.kill()
            try await studio.start()
            #expect(try await studio.ask(ReadInbox(peek: true)).entries == [])
            try await laptop.start()

            // stored: on both disks, whatever dies.
            try await laptop.wait(message, is: .stored)
            try await studio.kill()
            try await laptop.kill()
            try await studio.start()
            try await laptop.start()
            #expect(try await laptop.state(of: message) == .stored)

            // handed out, and the agent dies before it could say that it has read it: once more, and marked.
            #expect(try await studio.ask(ReadInbox()).entries.map(\.isRepeat) == [false])
            try await studio.kill()
            try await studio.start()
            let again = try await studio.ask(ReadInbox()).entries
            #expect(again.map(\.isRepeat) == [true])
            #expect(again.map(\.message.body) == ["through everything"])
            #expect(try await laptop.state(of: message) == .stored)

            // surfaced: the receipt survives the recipient's death, and the sender's absence.
            try await laptop.kill()
            _ = try await studio.ask(SeeMessages(messages: [message]))
            try await studio.kill()
            try await studio.start()
            try await laptop.start()
            try await laptop.wait(message, is: .surfaced)

            // acked.
            _ = try await studio.ask(AckMessages(messages: [message]))
            try await studio.kill()
            try await studio.start()
            try await laptop.wait(message, is: .acked)
            #expect(try await studio.ask(ReadInbox()).entries == [])
        }
    }

    @Test func `3 kill -9 amid a stream of messages loses and doubles none that was accepted`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            _ = try await studio.ask(SetMessagePolicy(peer: "laptop", verdict: .accept, perMinute: 0))
            for round in 0..<4 {
                let sending = Task {
                    for number in 0..<25 {
                        let body = "\(round)/\(number)"
                        _ = try await laptop.ask(SendMessage(to: ["main@studio"], body: body, idempotencyKey: body))
                    }
                }
                try await studio.kill()
                try await studio.start()
                try await sending.value
                try await laptop.kill()
                try await laptop.start()
            }
            var bodies: [String] = []
            try await studio.until("all have arrived") {
                bodies = try await studio.ask(ReadInbox(limit: 1_000, peek: true)).entries.map(\.message.body)
                return bodies.count >= 100
            }
            #expect(bodies == (0..<4).flatMap { round in (0..<25).map { "\(round)/\($0)" } })
        }
    }

    @Test func `5 a holder that was stopped beyond its lease cannot complete what another has claimed`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            let task = try await studio.ask(PostTask(title: "t", leaseSeconds: 1)).task.id
            let claim = try await laptop.ask(ClaimTask(task: task))
            var second: TaskClaim?
            try await laptop.frozen {
                let early = await refusal { try await studio.ask(ClaimTask(task: task)) }
                #expect(early?.code == .taskHeld)
                try await studio.until("the lease lapses") {
                    try await studio.ask(ShowTask(task: task)).state == .open
                }
                second = try await studio.ask(ClaimTask(task: task))
            }

            let late = await refusal { try await laptop.ask(CompleteTask(task: task, token: claim.token)) }

            #expect(late?.code == .taskStale)
            let token = try #require(second?.token)
            #expect(try await studio.ask(CompleteTask(task: task, token: token)).state == .done)
        }
    }

    @Test func `a claim outlives the death of its home, and is not given twice`() async throws {
        try await PairedNode.withTwo { laptop, studio in
            let task = try await studio.ask(PostTask(title: "t")).task.id
            let claim = try await laptop.ask(ClaimTask(task: task))
            try await studio.kill()
            try await studio.start()

            let taken = await refusal { try await studio.ask(ClaimTask(task: task)) }
            try await laptop.until("studio answers") { (try? await laptop.ask(Ping(), on: "studio")) != nil }
            let done = try await laptop.ask(CompleteTask(task: task, token: claim.token))

            #expect(taken?.code == .taskHeld)
            #expect(done.state == .done)
        }
    }
}
