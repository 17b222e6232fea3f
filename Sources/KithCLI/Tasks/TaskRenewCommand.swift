import ArgumentParser
import KithAPI

/// `kith task renew`
struct TaskRenewCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Make a claim last longer.")

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord

    @Option(help: ArgumentHelp("The token of the claim.", valueName: "n"))
    var token: Int
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(RenewTask(task: task, token: token)) { TaskView.claim($0) }
    }
}
