import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith message thread`
struct MessageThreadCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "thread",
        abstract: "Read a conversation.")

    @Argument(help: "Any message of it: its id, or the beginning of it.", completion: .messages)
    var message: MessageWord
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let message = try await message.find(session.client)
        let pages = Pages<ReadThread>(session: session, target: .local) { cursor in
            ReadThread(thread: message, cursor: cursor, limit: 200)
        }
        _ = try await pages.show { MessageView.thread($0, at: Date()) }
    }
}
