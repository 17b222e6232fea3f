import KithAPI
import KithStore

/// Tells posters of tasks that were given up, by message. It follows the log of events with a durable cursor, and
/// each message has a key, so that no crash loses or doubles one.
struct TaskAnnouncer: Sendable {
    let tasks: TaskStore
    let messages: MessageService

    /// Follows until cancelled.
    func run() async throws {
        var cursor = try await tasks.toldUpTo()
        while !Task.isCancelled {
            let bell = try tasks.failureBell()
            let page = try await tasks.events(after: cursor, task: nil)
            for event in page where event.kind == TaskState.failed.rawValue { try await announce(event) }
            cursor = page.last?.cursor ?? cursor
            guard page.isEmpty else { continue }
            _ = await Alarm.ring(of: bell, until: nil)
        }
    }

    private func announce(_ event: TaskEvent) async throws {
        guard let id = event.task, let poster = try? await tasks.poster(of: id) else { return }
        let text = "Task \(id) was given up: \(event.detail ?? "no reason given")."
        try? await messages.announce(text, to: poster, key: "task-event-\(event.cursor)", task: id)
        try await tasks.told(upTo: event.cursor)
    }
}
