import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith task list`
struct TaskListCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tasks of a node, newest first.")

    @Option(help: ArgumentHelp("Only in this state.", valueName: "state"))
    var state: TaskState?

    @Flag(help: "Finished ones, too.")
    var all = false

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let pages = Pages<ListTasks>(session: session, target: target.target) { cursor in
            ListTasks(state: state, active: all || state != nil ? nil : true, cursor: cursor, limit: 500)
        }
        _ = try await pages.show { TaskView.list($0, at: Date(), width: session.output.width) }
    }
}
