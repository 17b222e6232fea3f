import ArgumentParser
import KithAPI

/// `kith task show`
struct TaskShowCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one task, wherever it lives.")

    @Argument(help: "The task.")
    var task: TaskID
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(ShowTask(task: task)) { TaskView.facts($0) }
    }
}
