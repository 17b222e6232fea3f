import Synchronization

/// The connections of the loopback door. Anybody on this machine can open one and say nothing; so when the house is
/// full, the one that has been silent longest goes, and none that has shown the token.
final class LoopbackGuests: Sendable {
    /// Connections at once.
    static let maximum = 64

    private struct Guest {
        let line: ObjectIdentifier
        let sendAway: @Sendable () -> Void
        var isAccepted = false
    }

    private let guests = Mutex<[Guest]>([])

    /// Whether a connection may come in; where it takes the place of another, that one is sent away.
    func enter(_ line: Line, sendAway: @escaping @Sendable () -> Void) -> Bool {
        let (isIn, oldest) = guests.withLock { guests in
            var oldest: Guest?
            if guests.count >= Self.maximum {
                guard let place = guests.firstIndex(where: { !$0.isAccepted }) else { return (false, oldest) }
                oldest = guests.remove(at: place)
            }
            guests.append(Guest(line: ObjectIdentifier(line), sendAway: sendAway))
            return (true, oldest)
        }
        oldest?.sendAway()
        return isIn
    }

    /// That a connection has shown the token.
    func accept(_ line: Line) {
        guests.withLock { guests in
            guard let place = guests.firstIndex(where: { $0.line == ObjectIdentifier(line) }) else { return }
            guests[place].isAccepted = true
        }
    }

    /// That a connection has ended.
    func leave(_ line: Line) { guests.withLock { $0.removeAll { $0.line == ObjectIdentifier(line) } } }
}
