import ArgumentParser
import KithAPI

/// `kith task release`
struct TaskReleaseCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Give a claimed task back.")

    @Argument(help: "The task: its id, or the beginning of it.")
    var task: TaskWord

    @Argument(help: "Why.")
    var reason: String?

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let task = try await task.find(common)
        try await common.session().show(ReleaseTask(task: task, token: token, reason: reason)) { TaskView.line($0) }
    }
}
