import KithAPI
import Synchronization

/// The sessions of agents that are held open through the local door.
final class AgentSessions: Sendable {
    /// A session that was held: which agent, and which of its sessions.
    struct Session: Sendable, Hashable {
        let agent: AgentName
        let epoch: Int
    }

    private struct Open {
        var epoch: Int
        var lines: [Int: AsyncStream<AgentNews>.Continuation]
    }

    private let open = Mutex<[AgentName: Open]>([:])
    private let next = Atomic(0)
    /// Sessions that have ended, in order; at most 4,096 wait.
    let ended: AsyncStream<Session>
    private let end: AsyncStream<Session>.Continuation

    init() { (ended, end) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4_096)) }

    /// The present epoch of an agent whose session is held; nil if none is.
    func epoch(of agent: AgentName) -> Int? { open.withLock { $0[agent]?.epoch } }

    /// Opens a line for news; one of an older session of the same agent ends.
    func begin(_ session: Session) -> (number: Int, news: AsyncStream<AgentNews>) {
        let (news, line) = AsyncStream.makeStream(of: AgentNews.self, bufferingPolicy: .bufferingNewest(256))
        let number = next.add(1, ordering: .relaxed).newValue
        let old = open.withLock { open in
            let old = open[session.agent]
            if old?.epoch == session.epoch {
                open[session.agent]?.lines[number] = line
                return [AsyncStream<AgentNews>.Continuation]()
            }
            open[session.agent] = Open(epoch: session.epoch, lines: [number: line])
            return old.map { Array($0.lines.values) } ?? []
        }
        for line in old { line.finish() }
        return (number, news)
    }

    /// Closes a line; with the last one the session has ended.
    func close(_ number: Int, of session: Session) {
        let isOver = open.withLock { open in
            guard open[session.agent]?.epoch == session.epoch else { return true }
            open[session.agent]?.lines[number] = nil
            guard open[session.agent]?.lines.isEmpty == true else { return false }
            open[session.agent] = nil
            return true
        }
        if isOver { end.yield(session) }
    }

    /// Tells an agent something.
    func tell(_ agent: AgentName, _ kind: AgentNews.Kind, task: TaskID? = nil, reason: String? = nil) {
        open.withLock { open in
            guard let session = open[agent] else { return }
            let news = AgentNews(kind: kind, epoch: session.epoch, task: task, reason: reason)
            for line in session.lines.values { line.yield(news) }
        }
    }
}
