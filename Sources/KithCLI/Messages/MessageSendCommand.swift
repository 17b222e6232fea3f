import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith message send`
struct MessageSendCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a message to agents, here and on peers.",
        discussion: """
            The words are resolved when it is sent; the answer lists who will get it. If nobody is meant, nothing is sent.
            Whoever is away gets it when it comes back.

            Examples:
              kith message send reviewer@studio 'Please look at the last commit.' --ack need
              git diff | kith message send cap:review - --subject 'the parser'
              kith message send --reply-to ID 'Looks good.'
            """)

    @Argument(
        help:
            "`name`, `name@node`, `@node`, `label:x`, `tag:x`, `cap:x` or `all`, several with commas; then the text, or - for standard input."
    )
    var words: [String]

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"),
        completion: .agents)
    var agent: AgentName?

    @Option(help: ArgumentHelp("A line about it.", valueName: "text"))
    var subject: String?

    @Option(help: ArgumentHelp("chat, request, response or broadcast.", valueName: "kind"))
    var kind: MessageKind?

    @Option(
        help: ArgumentHelp("The message that this one answers; its sender is the recipient then.", valueName: "id"),
        completion: .messages)
    var replyTo: MessageWord?

    @Option(help: ArgumentHelp("The conversation that it goes on.", valueName: "id"), completion: .messages)
    var thread: MessageWord?

    @Option(help: ArgumentHelp("A word to filter by.", valueName: "word"))
    var channel: String?

    @Option(
        help: ArgumentHelp(
            "none, want (unless given), or need: be told if the agent ends without one.", valueName: "wish"))
    var ack: AckWish?

    @Option(help: ArgumentHelp("Give it up after this long; 7d unless given.", valueName: "time"))
    var ttl: TimeSpan?

    @Option(help: ArgumentHelp("The same key again sends nothing new.", valueName: "key"))
    var key: String?

    @Option(help: ArgumentHelp("The task that it talks about.", valueName: "id"), completion: .tasks)
    var task: TaskWord?
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if words.isEmpty || (replyTo == nil && words.count < 2) || words.count > 2 {
            throw ValidationError("Say to whom and what: kith message send reviewer@studio 'the text'.")
        }
    }

    func run() async throws {
        let session = try common.session()
        try await session.show(try await request(session.client)) {
            MessageView.sent($0, at: Date(), width: session.output.width)
        }
    }

    /// What is asked of the daemon.
    func request(_ client: KithClient) async throws -> SendMessage {
        let text = words[words.count - 1]
        let body = text == "-" ? try await Source.standardInput.text(limit: 1 << 20) : text
        let to = words.count == 2 ? words[0].split(separator: ",").map(String.init) : []
        return SendMessage(
            to: to, body: body, agent: agent, kind: kind ?? (replyTo == nil ? nil : .response), subject: subject,
            thread: try await thread?.find(client), replyTo: try await replyTo?.find(client, in: .inbox(agent)),
            channel: channel, ack: ack, secondsToLive: ttl?.wholeSeconds, idempotencyKey: key,
            task: try await task?.find(client))
    }
}
