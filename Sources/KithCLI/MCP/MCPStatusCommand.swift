import ArgumentParser

/// `kith mcp status`
struct MCPStatusCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say which coding agents know Kith.",
        discussion: """
            Examples:
              kith mcp status
              kith mcp status --json
            """)

    @OptionGroup var target: MCPTargetOptions
    var common: GlobalOptions { target.common }

    func run() async throws {
        try await target.report(try target.registrations()) { _, _ in ([], false) }
    }
}
