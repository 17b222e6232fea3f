import ArgumentParser
import KithAPI

/// `kith task fail`
struct TaskFailCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "fail",
        abstract: "Say that an attempt has failed.")

    @Argument(help: "The task: its id, or the beginning of it.")
    var task: TaskWord

    @Argument(help: "Why.")
    var reason: String

    @Flag(help: "Give it up at once.")
    var final = false

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let task = try await task.find(common)
        try await common.session().show(FailTask(task: task, token: token, reason: reason, isFinal: final ? true : nil))
        { TaskView.line($0) }
    }
}
