import ArgumentParser
import KithAPI

/// `kith task adopt`
struct TaskAdoptCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Take over a task whose home is gone.",
        discussion: """
            Nobody but a person can tell a dead node from one that is away. The task gets a new id and goes on here; this node must have shown or claimed it before.
            """)

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(AdoptTask(task: task)) {
            "It is \($0.id) now. If its old home comes back, cancel it there."
        }
    }
}
