import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith message inbox`
struct MessageInboxCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "Read what waits for an agent.",
        discussion: """
            Once it is printed, it counts as surfaced, and its senders are told. It stays until `kith message ack`.
            """)

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"),
        completion: .agents)
    var agent: AgentName?

    @Option(help: ArgumentHelp("Only this channel.", valueName: "word"))
    var channel: String?

    @Option(help: ArgumentHelp("Only this conversation.", valueName: "id"), completion: .messages)
    var thread: MessageWord?

    @Option(help: ArgumentHelp("Only from this agent, name@node.", valueName: "agent"))
    var from: String?

    @Flag(help: "Look only: nothing counts as read.")
    var peek = false

    @Flag(help: "Show what is held back, for every agent.")
    var held = false
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let thread = try await thread?.find(session.client)
        let pages = Pages<ReadInbox>(session: session, target: .local) { cursor in
            ReadInbox(
                agent: agent, cursor: cursor, limit: 200, channel: channel, thread: thread, from: from,
                peek: peek ? true : nil, held: held ? true : nil)
        }
        let entries = try await pages.show { MessageView.inbox($0, at: Date()) }
        guard !peek, !held else { return }
        try await session.markRead(entries, of: agent)
    }
}
