import ArgumentParser

/// `kith mcp`
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Let coding agents use your machines: serve them, and register with them.",
        discussion: """
            Examples:
              kith mcp add                 register with every agent found here
              kith mcp add claude          with Claude Code alone
              kith mcp status
              kith mcp remove
            """,
        subcommands: [MCPAddCommand.self, MCPRemoveCommand.self, MCPStatusCommand.self, MCPServeCommand.self])
}
