import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith task show`
struct TaskShowCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one task, wherever it lives.")

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(ShowTask(task: task)) { TaskView.facts($0, at: Date()) }
    }
}
