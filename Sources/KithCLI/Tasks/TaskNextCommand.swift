import ArgumentParser
import KithAPI
import KithClient

/// `kith task claim-next`
struct TaskNextCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "claim-next",
        abstract: "Claim the next task that fits an agent.",
        discussion: """
            With --wait it ends with 124 if nothing fitted in that time.
            """)

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"),
        completion: .agents)
    var agent: AgentName?

    @Option(help: ArgumentHelp("The epoch of its session.", valueName: "n"))
    var epoch: Int?

    @Flag(help: "Ask the paired nodes as well when there is nothing here.")
    var everywhere = false

    @Option(help: ArgumentHelp("Wait until something fits, at most 50s.", valueName: "time"))
    var wait: TimeSpan?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let request = NextTask(
            agent: agent, epoch: epoch, everywhere: everywhere ? true : nil, seconds: wait?.seconds)
        let bytes = try await session.client.raw(NextTask.name, json: JSON.encode(request))
        try session.output.show(bytes, as: NextTask.Reply.self) { reply in
            reply.claim.map { TaskView.claim($0) }
                ?? (everywhere
                    ? "Nothing fits now." : "Nothing here fits now; `--everywhere` asks the paired nodes, too.")
        }
        guard try wait == nil || KithClient.read(NextTask.Reply.self, from: bytes).claim != nil else {
            throw ExitCode(124)
        }
    }
}
