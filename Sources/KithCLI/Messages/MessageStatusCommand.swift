import ArgumentParser
import FoundationEssentials
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

    @Argument(help: "The message: its id, or the beginning of it.", completion: .messages)
    var message: MessageWord
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let message = try await message.find(session.client)
        try await session.show(GetMessage(message: message)) {
            MessageView.deliveries($0.deliveries, at: Date(), width: session.output.width)
        }
    }
}
