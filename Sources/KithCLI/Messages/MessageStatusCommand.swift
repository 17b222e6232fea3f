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

    @Argument(help: "The message: its id, or the beginning of it.")
    var message: MessageWord
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let message = try await message.find(common)
        try await common.session().show(GetMessage(message: message)) { MessageView.deliveries($0.deliveries) }
    }
}
