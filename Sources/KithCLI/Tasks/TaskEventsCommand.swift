import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith task events`
struct TaskEventsCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Read what happened to tasks.")

    @Flag(name: .shortAndLong, help: "Stay, and print what comes.")
    var follow = false

    @Option(help: ArgumentHelp("After this event; -1 for only what is new.", valueName: "n"))
    var cursor: Int?

    @Option(help: ArgumentHelp("Only this task.", valueName: "id"), completion: .tasks)
    var task: TaskWord?

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task?.find(session.client, on: target.target)
        let request = FollowTasks(cursor: cursor, follow: follow ? true : nil, task: task)
        try await session.show(request, on: target.target) {
            TaskView.event($0, at: Date(), width: session.output.width)
        }
    }
}
