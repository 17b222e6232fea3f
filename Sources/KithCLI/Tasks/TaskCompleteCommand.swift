import ArgumentParser
import KithAPI

/// `kith task complete`
struct TaskCompleteCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Say that a task is done.")

    @Argument(help: "The task.")
    var task: TaskID

    @Argument(help: "What came of it.")
    var result: String?

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(CompleteTask(task: task, token: token, result: result)) { TaskView.line($0) }
    }
}
