import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith message wait`
struct MessageWaitCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait for something new, and read it.",
        discussion: """
            Ends with 124 if nothing came.
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

    @Option(help: ArgumentHelp("How long, at most 50s; 25s unless given.", valueName: "time"))
    var time: TimeSpan?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let request = WaitForMessage(
            agent: agent, seconds: time.map(\.seconds), limit: 200, channel: channel,
            thread: try await thread?.find(session.client), from: from)
        let bytes = try await session.client.raw(WaitForMessage.name, json: JSON.encode(request))
        let reply = try KithClient.read(ReadInbox.Reply.self, from: bytes)
        try session.output.show(bytes, as: ReadInbox.Reply.self) { MessageView.inbox($0.entries, at: Date()) }
        try await session.markRead(reply.entries, of: agent)
        guard !reply.entries.isEmpty else { throw ExitCode(124) }
    }
}
