import ArgumentParser
import KithAPI

/// `kith message nack`
struct MessageNackCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "nack",
        abstract: "Put messages back: they come again later.")

    @Argument(help: "The messages: their ids, or the beginnings of them.", completion: .messages)
    var messages: [MessageWord]

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"),
        completion: .agents)
    var agent: AgentName?

    @Option(help: ArgumentHelp("Come again after this long; 60s unless given.", valueName: "time"))
    var after: TimeSpan?

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let messages = try await messages.find(session.client, in: .inbox(agent))
        let request = NackMessages(messages: messages, agent: agent, seconds: after?.wholeSeconds, reason: reason)
        try await session.show(request) { "\(Measure.count($0.changed, "message")) put back." }
    }
}
