import ArgumentParser
import KithAPI

/// `kith message ack`
struct MessageAckCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "Acknowledge messages: their senders are told.")

    @Argument(help: "The messages: their ids, or the beginnings of them.", completion: .messages)
    var messages: [MessageWord]

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"),
        completion: .agents)
    var agent: AgentName?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let messages = try await messages.find(session.client, in: .inbox(agent))
        try await session.show(AckMessages(messages: messages, agent: agent)) {
            "\(Measure.count($0.changed, "message")) acknowledged."
        }
    }
}
