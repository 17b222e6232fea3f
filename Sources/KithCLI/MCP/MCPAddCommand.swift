import ArgumentParser
import KithAPI

/// `kith mcp add`
struct MCPAddCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Register Kith with coding agents, for this user.",
        discussion: """
            Uses the agent's own command where it has one (`claude mcp add …`), or sets one member of its settings \
            file. Running it again changes nothing. The agent starts `kith mcp serve` by its absolute path; no key \
            and no token is written anywhere. Restart the agent afterwards.

            Examples:
              kith mcp add --dry-run
              kith mcp add claude codex
              kith mcp add --file .mcp.json
            """)

    @OptionGroup var target: MCPTargetOptions
    var common: GlobalOptions { target.common }
    @Flag(help: "Have the agent ask you before each command and each transfer.")
    var confirm = false

    func run() async throws {
        let isChanged = try await target.report(try target.registrations(confirming: confirm)) { registration, state in
            switch state {
            case .registered: return ([], false)
            case .absent: throw Self.absent(registration)
            case .missing, .different:
                let plan = registration.additionPlan(from: state)
                if target.dryRun { return (plan, false) }
                try await registration.add(from: state)
                return (plan, true)
            }
        }
        if isChanged, !common.json {
            Output(format: .people).note("Next: restart the agent and ask it: which machines can you reach with Kith?")
        }
    }

    private static func absent(_ registration: Registration) -> KithError {
        KithError(
            .notFound, "\(registration.title) is not on this machine, or not in PATH.",
            hint: "Give its settings file: `kith mcp add --file PATH`.")
    }
}
