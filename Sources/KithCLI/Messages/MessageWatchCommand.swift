import ArgumentParser
import KithAPI

/// `kith message watch`
struct MessageWatchCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print how an inbox stands whenever that has changed.",
        discussion: """
            Reads nothing and hands nothing out: `kith message inbox` does.
            """)

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which agent of this node; the default agent unless given.", valueName: "agent"),
        completion: .agents)
    var agent: AgentName?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(WatchInbox(agent: agent)) {
            "\($0.unread) unread of \($0.waiting).\($0.newest.map { " The newest is \($0)." } ?? "")"
        }
    }
}
