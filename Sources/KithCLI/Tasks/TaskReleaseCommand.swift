import ArgumentParser
import KithAPI

/// `kith task release`
struct TaskReleaseCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Give a claimed task back.")

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord

    @Argument(help: "Why.")
    var reason: String?

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(ReleaseTask(task: task, token: token, reason: reason)) { TaskView.line($0) }
    }
}
