import ArgumentParser
import KithAPI

/// `kith message ack`
struct MessageAckCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "Acknowledge messages: their senders are told.")

    @Argument(help: "The messages: their ids, or the beginnings of them.")
    var messages: [MessageWord]

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"))
    var agent: AgentName?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let messages = try await messages.find(common, of: agent)
        try await common.session().show(AckMessages(messages: messages, agent: agent)) {
            "\(Measure.count($0.changed, "message")) acknowledged."
        }
    }
}
