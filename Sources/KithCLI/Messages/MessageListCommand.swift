import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith message list`
struct MessageListCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List messages, sent and received, newest first.",
        discussion: """
            Nothing counts as read: `kith message inbox` reads. Every message command takes the beginning of an id.

            Examples:
              kith message list --sent
              kith message list 01a215fa
            """)

    /// Messages that are shown unless all are asked for.
    private static let usual = 50

    @Argument(help: "Only those whose id begins like this.")
    var beginning: String?

    @Flag(help: "Only those that agents of this node have sent.")
    var sent = false

    @Flag(help: "All that are kept, not just the newest 50.")
    var all = false
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        guard all else {
            return try await session.show(request(after: nil, limit: Self.usual)) {
                MessageView.list($0.entries, at: Date(), width: session.output.width)
                    + ($0.nextCursor == nil ? "" : "\nThere are more: --all shows them.")
            }
        }
        let pages = Pages<ListMessages>(session: session, target: .local) { request(after: $0, limit: 1_000) }
        try await pages.show { MessageView.list($0, at: Date(), width: session.output.width) }
    }

    private func request(after cursor: String?, limit: Int) -> ListMessages {
        ListMessages(
            beginning: beginning?.lowercased(), sent: sent ? true : nil, cursor: cursor, limit: limit)
    }
}
