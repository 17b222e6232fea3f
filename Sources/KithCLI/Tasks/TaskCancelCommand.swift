import ArgumentParser
import KithAPI

/// `kith task cancel`
struct TaskCancelCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Call a task off, whoever has it.")

    @Argument(help: "The task.")
    var task: TaskID

    @Argument(help: "Why.")
    var reason: String?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(CancelTask(task: task, reason: reason)) { TaskView.line($0) }
    }
}
