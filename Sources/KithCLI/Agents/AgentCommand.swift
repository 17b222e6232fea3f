import ArgumentParser

/// `kith agent`
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "The names by which agents are written to and claim work.",
        discussion: """
            Every node has an agent `main`, which `@node` means until another is made the default.

            Examples:
              kith agent register reviewer --cap review --tag swift
              kith agent list --everywhere
              kith agent hold reviewer
            """,
        subcommands: [
            AgentRegisterCommand.self, AgentHoldCommand.self, AgentListCommand.self, AgentStatusCommand.self,
        ])
}
