import KithAPI
import Synchronization

/// Those who wait for messages. Whoever stores one hands it to them in the same transaction, so that nothing has to be
/// written a second time before it is read.
final class InboxReaders: Sendable {
    /// How many may wait at a time.
    static let maximum = 1_024

    private struct State {
        var readers: [String: [InboxReader]] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    /// - Throws: `limited` when 1,024 wait already.
    func add(_ reader: InboxReader) throws(KithError) {
        let isIn = state.withLock { state in
            guard state.count < Self.maximum else { return false }
            state.readers[reader.agent, default: []].append(reader)
            state.count += 1
            return true
        }
        guard !isIn else { return }
        throw KithError(.limited, "\(Self.maximum) readers wait already.", hint: "End one of them first.")
    }

    /// Takes out those who wait for `agent`; whoever does so answers them.
    func take(_ agent: String) -> [InboxReader] {
        state.withLock { state in
            let taken = state.readers.removeValue(forKey: agent) ?? []
            state.count -= taken.count
            return taken
        }
    }

    /// Has a reader look for itself, unless somebody else is about to answer it.
    func dismiss(_ reader: InboxReader) {
        if remove(reader) { reader.answer(.look) }
    }

    /// Has those who wait for `agent` look for themselves.
    func call(_ agent: String) {
        for reader in take(agent) { reader.answer(.look) }
    }

    private func remove(_ reader: InboxReader) -> Bool {
        state.withLock { state in
            guard let index = state.readers[reader.agent]?.firstIndex(where: { $0 === reader }) else { return false }
            state.readers[reader.agent]?.remove(at: index)
            if state.readers[reader.agent]?.isEmpty == true { state.readers[reader.agent] = nil }
            state.count -= 1
            return true
        }
    }
}
