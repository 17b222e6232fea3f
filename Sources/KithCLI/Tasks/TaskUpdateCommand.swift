import ArgumentParser
import KithAPI

/// `kith task update`
struct TaskUpdateCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Say how a task goes.")

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord

    @Argument(help: "A line about it.")
    var progress: String?

    @Option(help: ArgumentHelp("working, blocked or needs_input.", valueName: "state"))
    var state: TaskState?

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(UpdateTask(task: task, token: token, state: state, progress: progress)) {
            TaskView.line($0)
        }
    }
}
