import ArgumentParser
import KithAPI

/// `kith task show`
struct TaskShowCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one task, wherever it lives.")

    @Argument(help: "The task: its id, or the beginning of it.")
    var task: TaskWord
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let task = try await task.find(common)
        try await common.session().show(ShowTask(task: task)) { TaskView.facts($0) }
    }
}
