public import KithAPI
import Synchronization

/// One who waits for messages to an agent. It is answered once.
public final class InboxReader: Sendable {
    /// What it hears.
    public enum News: Sendable {
        /// Messages, handed out to it.
        case page(ReadInbox.Reply)
        /// Something has changed, or it was dismissed: it may look for itself.
        case look
    }

    private enum State {
        case open
        case waiting(CheckedContinuation<News, Never>, WayBack.Path)
        case answered(News)
        case over
    }

    let query: InboxQuery
    let agent: String
    private let wayBack: WayBack
    private let state = Mutex(State.open)

    init(_ query: InboxQuery, wayBack: WayBack) {
        self.query = query
        self.wayBack = wayBack
        agent = query.agent?.text ?? ""
    }

    /// Waits for the answer; to be asked for once.
    public func news() async -> News {
        let path = wayBack.path()
        return await withCheckedContinuation { continuation in
            let early = state.withLock { state -> News? in
                guard case .answered(let news) = state else {
                    state = .waiting(continuation, path)
                    return nil
                }
                state = .over
                return news
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    func answer(_ news: News) {
        let waiting = state.withLock { state -> (CheckedContinuation<News, Never>, WayBack.Path)? in
            switch state {
            case .open: state = .answered(news)
            case .waiting(let continuation, let path):
                state = .over
                return (continuation, path)
            case .answered, .over: break
            }
            return nil
        }
        if let (continuation, path) = waiting { path { continuation.resume(returning: news) } }
    }
}

/// What one transaction hands to those who wait; they hear of it when it is on the disk.
final class HandingOut: Sendable {
    private let readers: InboxReaders
    private let handed = Mutex<[(InboxReader, InboxReader.News)]>([])
    private let answered = Atomic(false)

    init(_ readers: InboxReaders) { self.readers = readers }

    /// Hands what is new to those who wait for `agents`; who asked for something else looks again, and waits on.
    func handOut(to agents: Set<String>, _ table: MessageTable) throws {
        for agent in agents {
            for reader in readers.take(agent) {
                handed.withLock { $0.append((reader, .look)) }
                let page = try table.inbox(reader.query)
                try table.markShown(page.unshown)
                guard !page.reply.entries.isEmpty else { continue }
                handed.withLock { $0[$0.count - 1].1 = .page(page.reply) }
            }
        }
    }

    /// Whether somebody was answered.
    var hasHandedOut: Bool { answered.load(ordering: .relaxed) }

    /// That it is on the disk.
    func succeed() {
        for (reader, news) in taken() {
            reader.answer(news)
            answered.store(true, ordering: .relaxed)
        }
    }

    /// That nothing was written: they look for themselves.
    func fail() { for (reader, _) in taken() { reader.answer(.look) } }

    private func taken() -> [(InboxReader, InboxReader.News)] {
        handed.withLock { handed in
            defer { handed = [] }
            return handed
        }
    }
}
