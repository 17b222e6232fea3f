import ArgumentParser
import KithAPI

/// `kith task cancel`
struct TaskCancelCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Call a task off, whoever has it.")

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord

    @Argument(help: "Why.")
    var reason: String?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(CancelTask(task: task, reason: reason)) { TaskView.line($0) }
    }
}
