import ArgumentParser
import KithAPI

/// `kith agent hold`
struct AgentHoldCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Hold the session of an agent open until interrupted.",
        discussion: """
            While it runs, the claims of the agent are renewed; when it ends, they are given back at once.
            """)

    @Argument(help: "Its name; a new one is registered.")
    var agent: AgentName

    @Option(help: ArgumentHelp("An id of the session; the same one again keeps the epoch.", valueName: "id"))
    var session: String?

    @Flag(help: "Only if no other session of it is open.")
    var ifFree = false

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(HoldAgent(agent: agent, session: session, ifFree: ifFree ? true : nil)) {
            AgentView.news($0)
        }
    }
}
