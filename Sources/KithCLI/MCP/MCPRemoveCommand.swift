import ArgumentParser

/// `kith mcp remove`
struct MCPRemoveCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take Kith out of the settings of coding agents.",
        discussion: """
            Takes back what `kith mcp add` did, and nothing else.

            Examples:
              kith mcp remove
              kith mcp remove cursor --dry-run
            """)

    @OptionGroup var target: MCPTargetOptions
    var common: GlobalOptions { target.common }

    func run() async throws {
        try await target.report(try target.registrations()) { registration, state in
            guard state == .registered || state == .different else { return ([], false) }
            let plan = registration.removalPlan()
            if target.dryRun { return (plan, false) }
            try await registration.remove()
            return (plan, true)
        }
    }
}
