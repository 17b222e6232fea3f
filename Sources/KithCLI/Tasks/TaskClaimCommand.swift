import ArgumentParser
import KithAPI

/// `kith task claim`
struct TaskClaimCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "claim",
        abstract: "Claim a task.",
        discussion: """
            Hold the agent's session with `kith agent hold`, and the claim is renewed for it.
            """)

    @Argument(help: "The task: its id, or the beginning of it.", completion: .tasks)
    var task: TaskWord

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"),
        completion: .agents)
    var agent: AgentName?

    @Option(help: ArgumentHelp("The epoch of its session.", valueName: "n"))
    var epoch: Int?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let task = try await task.find(session.client)
        try await session.show(ClaimTask(task: task, agent: agent, epoch: epoch)) { TaskView.claim($0) }
    }
}
