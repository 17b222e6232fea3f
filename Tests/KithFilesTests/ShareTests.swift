import KithAPI
import Testing

@testable import KithFiles

/// One peer does not take the service away from the others.
@Suite struct ShareTests {
    /// Runs `body` while `count` slots of `caller` are taken.
    private func taking(
        _ count: Int, of caller: Caller, in slots: Slots, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body() }
        try await slots.run(for: caller) { try await taking(count - 1, of: caller, in: slots, body) }
    }

    @Test func `a peer has a share of the slots, and the owner's are apart`() async throws {
        let slots = Slots()
        let studio = try peer()
        let other = Caller.peer(
            Peer(
                id: try #require(PeerID(bytes: Array(repeating: 8, count: 32))),
                name: try #require(PeerName("attic")), grants: GrantSet([])))

        try await taking(8, of: studio, in: slots) {
            let error = await #expect(throws: KithError.self) { try await slots.run(for: studio) {} }
            #expect(error?.code == .limited)
            try await slots.run(for: other) {}
            try await slots.run(for: .owner) {}
        }
        try await slots.run(for: studio) {}
    }

    @Test(.timeLimit(.minutes(1))) func `a transfer in which nothing moves ends and gives its slot back`() async throws
    {
        try await withGrounds { grounds in
            var service = grounds.service
            service.silence = Pulse.Limits(silence: .milliseconds(50), beat: .milliseconds(20))
            let frozen = service
            for _ in 0..<9 {
                let error = await #expect(throws: KithError.self) {
                    try await frozen.put(PutFiles(destination: "in/"), over: Wire().far, from: try friend())
                }
                #expect(error?.code == .timedOut)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `who is only slow says so, and is waited for`() async throws {
        try await withGrounds { grounds in
            try grounds.write("home/a", "content")
            var service = grounds.service
            service.silence = Pulse.Limits(silence: .seconds(3), beat: .milliseconds(100))
            let (patient, wire) = (service, Wire())
            async let summary = patient.get(GetFiles(paths: ["a"]), over: wire.far, from: try friend())
            // Thirty beats are as long as the longest silence; each is answered.
            for _ in 0..<35 {
                while let frame = try await wire.near.receive(), !frame.payload.isEmpty {}
                try await wire.near.send(Frame(.extra))
            }
            try await wire.near.send(.said([.drop(0, isUnchanged: true), .summary(TransferSummary(unchanged: 1))]))
            try await wire.near.send(Frame(.end))
            #expect(try await summary.unchanged == 1)
        }
    }
}
