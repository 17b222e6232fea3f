import ArgumentParser
import KithAPI

/// `kith task renew`
struct TaskRenewCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Make a claim last longer.")

    @Argument(help: "The task.")
    var task: TaskID

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(RenewTask(task: task, token: token)) { TaskView.claim($0) }
    }
}
