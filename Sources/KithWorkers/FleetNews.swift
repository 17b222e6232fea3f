import KithAPI
import Synchronization

/// Who waits for changes of a fleet: those who asked for one to be told, and those who follow its vouchers.
final class FleetNews: Sendable {
    private struct State {
        /// How many changes there were, and how many of them have been told.
        var asked = 0
        var told = 0
        var isClosed = false
        var waiting: [(number: Int, teller: CheckedContinuation<Void, Never>)] = []
        var followers: [Int: AsyncStream<[WorkerVoucher]>.Continuation] = [:]
        var next = 0
        var bell: AsyncStream<Void>.Continuation?
    }

    private let state = Mutex(State())

    /// That there is something to tell, whenever that may be.
    func ring() {
        state.withLock { state in
            state.asked += 1
            state.bell?.yield()
        }
    }

    /// As ``ring()``; returns when it is told, or nobody tells any more.
    func tell() async {
        await withCheckedContinuation { teller in
            let isOver = state.withLock { state in
                state.asked += 1
                guard !state.isClosed else { return true }
                state.waiting.append((state.asked, teller))
                state.bell?.yield()
                return false
            }
            if isOver { teller.resume() }
        }
    }

    /// Rings whenever there is something to tell; for one listener.
    func bells() -> AsyncStream<Void> {
        let (bells, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            state.bell = bell
            if state.asked > state.told { bell.yield() }
        }
        return bells
    }

    /// How many changes there were so far.
    var asked: Int { state.withLock { $0.asked } }

    /// That all changes up to `number` are told.
    func told(_ number: Int) {
        let heard = state.withLock { state in
            state.told = max(state.told, number)
            let heard = state.waiting.filter { $0.number <= number }
            state.waiting.removeAll { $0.number <= number }
            return heard
        }
        for one in heard { one.teller.resume() }
    }

    /// That nobody tells any more.
    func close() {
        state.withLock { $0.isClosed = true }
        told(.max)
    }

    /// The vouchers as they are, then after each change; a slow reader gets the latest.
    func follow(from first: [WorkerVoucher]) -> AsyncStream<[WorkerVoucher]> {
        let (stream, reader) = AsyncStream.makeStream(of: [WorkerVoucher].self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.next += 1
            state.followers[state.next] = reader
            return state.next
        }
        reader.onTermination = { [weak self] _ in self?.state.withLock { $0.followers[number] = nil } }
        reader.yield(first)
        return stream
    }

    /// Gives the vouchers to all who follow.
    func publish(_ vouchers: [WorkerVoucher]) {
        for reader in state.withLock({ Array($0.followers.values) }) { reader.yield(vouchers) }
    }
}
