import ArgumentParser
import KithAPI

/// `kith task complete`
struct TaskCompleteCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Say that a task is done.")

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord

    @Argument(help: "What came of it.")
    var result: String?

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(CompleteTask(task: task, token: token, result: result)) { TaskView.line($0) }
    }
}
