import ArgumentParser
import KithAPI

/// `kith task release`
struct TaskReleaseCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Give a claimed task back.")

    @Argument(help: "The task.")
    var task: TaskID

    @Argument(help: "Why.")
    var reason: String?

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(ReleaseTask(task: task, token: token, reason: reason)) { TaskView.line($0) }
    }
}
