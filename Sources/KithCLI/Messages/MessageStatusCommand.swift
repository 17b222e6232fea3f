import ArgumentParser
import KithAPI

/// `kith message status`
struct MessageStatusCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how far each delivery of a message is.",
        discussion: """
            accepted: this node has it. stored: the other node has it as well. surfaced: the agent has read it.
            acked: it has said so. held, refused, expired, dead: it went no further, and why.
            """)

    @Argument(help: "The message.")
    var message: MessageID
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(GetMessage(message: message)) { MessageView.deliveries($0.deliveries) }
    }
}
