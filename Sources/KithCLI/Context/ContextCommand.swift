import ArgumentParser

/// `kith context`
struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: "Keep values under keys, here or on a peer.",
        discussion: """
            Examples:
              kith context set build/status green
              kith context set build/lock me --ttl 10m --if-version 0
              kith context get build/status --on studio
              git diff | kith context set review/patch -
            """,
        subcommands: [
            ContextSetCommand.self, ContextGetCommand.self, ContextListCommand.self, ContextDeleteCommand.self,
            ContextWatchCommand.self, ContextHistoryCommand.self, ContextBroadcastCommand.self,
        ])
}
