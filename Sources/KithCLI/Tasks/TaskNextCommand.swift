import ArgumentParser
import KithAPI

/// `kith task claim-next`
struct TaskNextCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "claim-next",
        abstract: "Claim the next task that fits an agent.")

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"))
    var agent: AgentName?

    @Option(help: ArgumentHelp("The epoch of its session.", valueName: "n"))
    var epoch: Int?

    @Flag(help: "Ask the paired nodes as well when there is nothing here.")
    var everywhere = false
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let request = NextTask(agent: agent, epoch: epoch, everywhere: everywhere ? true : nil)
        try await common.session().show(request) { reply in
            reply.claim.map { TaskView.claim($0) }
                ?? (everywhere
                    ? "Nothing fits now." : "Nothing here fits now; `--everywhere` asks the paired nodes, too.")
        }
    }
}
