import ArgumentParser
import KithAPI

/// `kith message policy`
struct MessagePolicyCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Decide which messages come in, or list the rules.",
        discussion: """
            The most specific rule decides.

            Examples:
              kith message policy studio --verdict hold
              kith message policy studio --per-minute 600
              kith message policy
            """)

    @Argument(help: "From this peer; any unless given.", completion: .peers)
    var peer: String?

    @Option(help: ArgumentHelp("To this agent; any unless given.", valueName: "agent"))
    var agent: AgentName?

    @Option(help: ArgumentHelp("accept, hold or refuse.", valueName: "verdict"))
    var verdict: MessageVerdict?

    @Option(help: ArgumentHelp("How many a minute a peer may send; 120 unless given, 0 for no limit.", valueName: "n"))
    var perMinute: Int?

    @Flag(help: "Remove the rule.")
    var remove = false
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let request = SetMessagePolicy(
            peer: peer, agent: agent, verdict: verdict ?? (perMinute == nil ? nil : .accept), perMinute: perMinute,
            remove: remove ? true : nil)
        try await common.session().show(request) { MessageView.rules($0.rules) }
    }
}
