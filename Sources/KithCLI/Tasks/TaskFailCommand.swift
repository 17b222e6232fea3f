import ArgumentParser
import KithAPI

/// `kith task fail`
struct TaskFailCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "fail",
        abstract: "Say that an attempt has failed.")

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord

    @Argument(help: "Why.")
    var reason: String

    @Flag(help: "Give it up at once.")
    var final = false

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(FailTask(task: task, token: token, reason: reason, isFinal: final ? true : nil)) {
            TaskView.line($0)
        }
    }
}
