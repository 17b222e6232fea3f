import ArgumentParser
import KithAPI

/// `kith agent list`
struct AgentListCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List agents and what they can do.")

    @Flag(help: "Ask the paired nodes as well.")
    var everywhere = false

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        try await session.show(ListAgents(everywhere: everywhere ? true : nil), on: target.target) {
            AgentView.list($0, width: session.output.width)
        }
    }
}
