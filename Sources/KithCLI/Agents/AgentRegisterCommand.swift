import ArgumentParser
import KithAPI

/// `kith agent register`
struct AgentRegisterCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Make an agent known on this node, or change its card.")

    @Argument(help: "Its name.")
    var agent: AgentName

    @Option(parsing: .singleValue, help: ArgumentHelp("A word for several agents; may be repeated.", valueName: "word"))
    var label: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("What it works on; may be repeated.", valueName: "word"))
    var tag: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("What it can do; may be repeated.", valueName: "word"))
    var cap: [String] = []

    @Option(help: ArgumentHelp("What it is doing.", valueName: "text"))
    var status: String?

    @Flag(name: .customLong("default"), help: "`@node` shall mean it.")
    var isDefault = false
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let request = RegisterAgent(
            agent: agent, labels: label.isEmpty ? nil : label, tags: tag.isEmpty ? nil : tag,
            capabilities: cap.isEmpty ? nil : cap, status: status, isDefault: isDefault ? true : nil)
        try await common.session().show(request) { AgentView.facts($0) }
    }
}
