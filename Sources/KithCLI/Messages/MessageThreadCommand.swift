import ArgumentParser
import KithAPI

/// `kith message thread`
struct MessageThreadCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "thread",
        abstract: "Read a conversation.")

    @Argument(help: "Any message of it: its id, or the beginning of it.")
    var message: MessageWord
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let message = try await message.find(common)
        let pages = Pages<ReadThread>(session: try common.session(), target: .local) { cursor in
            ReadThread(thread: message, cursor: cursor, limit: 200)
        }
        _ = try await pages.show { MessageView.thread($0) }
    }
}
