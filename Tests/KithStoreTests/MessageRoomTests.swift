import KithAPI
import Testing

@testable import KithStore

@Suite struct MessageRoomTests {
    private func text(_ bytes: Int) -> String { String(repeating: "x", count: bytes) }

    @Test func `a node takes no more messages than it has room for, and says so`() async throws {
        try await Fleet.with(limits: MessageLimits(bytes: 2_000)) { fleet in
            let node = fleet.laptop
            try await node.send(SendMessage(to: ["main"], body: text(1_000)), to: [("main", nil)])

            let error = await failure {
                try await node.send(SendMessage(to: ["main"], body: text(1_000)), to: [("main", nil)])
            }

            #expect(error?.code == .limited)
            #expect(error?.message == "The messages of this node take up 2000 bytes, the most they may.")
            #expect(try await node.inbox().count == 1)
        }
    }

    @Test func `what a peer has no room for stays at the sender, and goes when there is room`() async throws {
        try await Fleet.with(limits: MessageLimits(bytes: 2_000)) { fleet in
            let (laptop, studio) = (fleet.laptop, fleet.studio)
            let own = try await studio.send(SendMessage(to: ["main"], body: text(1_300)), to: [("main", nil)])
            let sent = try await laptop.send(SendMessage(to: ["x"], body: text(200)), to: [("main", studio)])
            let letters = try await laptop.letters(to: studio)

            let refused = try await studio.messages.receive(letters, stream: "s", from: laptop.id)
            _ = try await studio.messages.mark([own.id], of: .main, as: .acked)
            _ = try await studio.messages.sweep()
            let taken = try await studio.messages.receive(letters, stream: "s", from: laptop.id)

            #expect(refused.outcomes == [] && refused.isFull)
            #expect(taken.outcomes.map(\.state) == [.stored] && !taken.isFull)
            #expect(try await laptop.states(of: sent.id) == [.accepted])
            #expect(try await studio.inbox().map(\.message.id) == [sent.id])
        }
    }

    @Test func `room is counted with long texts, and given back`() async throws {
        try await Fleet.with { fleet in
            let node = fleet.laptop
            let short = try await node.send(SendMessage(to: ["main"], body: text(100)), to: [("main", nil)])
            let long = try await node.send(SendMessage(to: ["main"], body: text(100_000)), to: [("main", nil)])
            let rooms = try await node.store.rooms()
            #expect(rooms.first == StoreRoom(name: "messages", bytes: 101_124, limit: 2 << 30))
            #expect(rooms.first?.isNearlyFull == false)

            _ = try await node.messages.mark([short.id, long.id], of: .main, as: .acked)
            fleet.clock.advance(seconds: 40 * 86_400)
            _ = try await node.messages.sweep()

            #expect(try await node.store.rooms().first?.bytes == 0)
        }
    }
}
