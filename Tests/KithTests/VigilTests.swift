import KithAPI
import Synchronization
import Testing

@testable import KithWire

/// Questions that wait for their first answer.
struct VigilTests {
    private let peer = PeerID(bytes: Array(repeating: 7, count: 32))
    private let patience = Vigil.Patience(pause: .milliseconds(1), strikes: 2)

    @Test(.timeLimit(.minutes(1)))
    func `a question goes on as long as its peer answers pings`() async throws {
        let (answers, answer) = AsyncStream.makeStream(of: Int.self)
        let pings = Mutex(0)
        let result = try await Vigil(patience: patience).keep(try #require(peer)) {
            let count = pings.withLock { count in
                count += 1
                return count
            }
            if count == 5 { answer.yield(count) }
            return true
        } _: {
            for await count in answers { return count }
            return 0
        }
        #expect(result == 5)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a peer that is silent twice is given up, and so are all its questions`() async throws {
        let vigil = Vigil(patience: patience)
        let peer = try #require(peer)
        await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...3 {
                group.addTask {
                    try await vigil.keep(peer) {
                        false
                    } _: {
                        let (never, end) = AsyncStream.makeStream(of: Void.self)
                        for await _ in never {}
                        end.finish()
                        try Task.checkCancellation()
                    }
                }
            }
            for _ in 1...3 { await #expect(throws: Vigil.Silence.self) { try await group.next() } }
        }
    }
}
