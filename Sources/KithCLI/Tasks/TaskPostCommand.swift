import ArgumentParser
import KithAPI

/// `kith task post`
struct TaskPostCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "post",
        abstract: "Post a task; the node that answers becomes its home.",
        discussion: """
            Examples:
              kith task post 'Review the parser' --to cap:review --priority 5
              kith task post 'Disk is full on nas' --key disk/nas --on studio
            """)

    @Argument(help: "A line about it.")
    var title: String

    @Option(help: ArgumentHelp("What is to be done; - reads it from standard input.", valueName: "text"))
    var body: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Who may claim it: name@node, @node, label:x, tag:x, cap:x; may be repeated.", valueName: "who"))
    var to: [String] = []

    @Option(
        parsing: .singleValue, help: ArgumentHelp("A task that must be done before; may be repeated.", valueName: "id"),
        completion: .tasks)
    var needs: [TaskWord] = []

    @Option(help: ArgumentHelp("Higher is claimed first.", valueName: "n"))
    var priority: Int?

    @Option(help: ArgumentHelp("While a task with this key is active, only count.", valueName: "key"))
    var key: String?

    @Flag(help: "Close the active task with this key.")
    var resolved = false

    @Option(help: ArgumentHelp("How long a claim lasts without renewal; 90s unless given.", valueName: "time"))
    var lease: TimeSpan?

    @Option(help: ArgumentHelp("Give it up after so many failures; 3 unless given.", valueName: "n"))
    var attempts: Int?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"),
        completion: .agents)
    var agent: AgentName?

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let text = body == "-" ? try await Source.standardInput.text(limit: 64 << 10) : body
        let session = try common.session()
        var needed: [TaskID] = []
        for word in needs { needed.append(try await word.find(session.client)) }
        let request = PostTask(
            title: title, body: text, target: to.isEmpty ? nil : to, needs: needed.isEmpty ? nil : needed,
            priority: priority, dedupeKey: key, resolved: resolved ? true : nil, leaseSeconds: lease?.wholeSeconds,
            maximumAttempts: attempts, agent: agent)
        try await session.show(request, on: target.target) { TaskView.posted($0) }
    }
}
