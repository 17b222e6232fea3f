import KithAPI
import KithStore
import KithWire

/// Wakes whoever waits for work: when something happens to a task here or on a node that is listened to, and when a
/// task that was put off is due.
struct TaskBell: Sendable {
    let tasks: TaskStore
    let client: PeerClient
    /// The nodes whose tasks count as well; at most the paired ones.
    let peers: [PeerID]

    /// Looks whenever there may be something, until there is, at most so many seconds.
    func wait<Found: Sendable>(_ seconds: Double, _ look: () async throws -> Found?) async throws -> Found? {
        let deadline = ContinuousClock.now + Duration(seconds: seconds)
        let (rings, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let here = try tasks.bell()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in here { ring.yield() } }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                ring.finish()
            }
            for peer in peers { group.addTask { await listen(to: peer, ring) } }
            defer { group.cancelAll() }
            ring.yield()
            var alarm = deadline
            for await _ in rings {
                if let found = try await look() { return found }
                guard let due = try await nextDue, due < alarm || alarm < .now else { continue }
                alarm = due
                group.addTask {
                    try await Task.sleep(until: due, tolerance: .zero, clock: .continuous)
                    ring.yield()
                }
            }
            try Task.checkCancellation()
            return nil
        }
    }

    private var nextDue: ContinuousClock.Instant? {
        get async throws { try await tasks.secondsUntilDue().map { .now + Duration(seconds: $0) } }
    }

    /// The first line of the feed comes at once: what happened before is looked for then.
    private func listen(to peer: PeerID, _ ring: AsyncStream<Void>.Continuation) async {
        try? await client.follow(FollowTasks(cursor: -1, follow: true), on: peer.text) { _ in ring.yield() }
    }
}
