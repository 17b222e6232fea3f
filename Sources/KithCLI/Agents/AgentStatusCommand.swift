import ArgumentParser
import KithAPI

/// `kith agent status`
struct AgentStatusCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what is known of one agent.")

    @Argument(help: "`name`, `name@node` or `@node`.")
    var agent: String
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(GetAgent(agent: agent)) { AgentView.facts($0) }
    }
}
