import ArgumentParser
import KithAPI

/// `kith task cancel`
struct TaskCancelCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Call a task off, whoever has it.")

    @Argument(help: "The task: its id, or the beginning of it.")
    var task: TaskWord

    @Argument(help: "Why.")
    var reason: String?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let task = try await task.find(common)
        try await common.session().show(CancelTask(task: task, reason: reason)) { TaskView.line($0) }
    }
}
