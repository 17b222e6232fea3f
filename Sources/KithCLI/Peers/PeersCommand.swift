import ArgumentParser

/// `kith peers`
struct PeersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers",
        abstract: "See and change whom this node trusts.",
        discussion: """
            Examples:
              kith peers
              kith peers grant studio --allow exec=git,swift --for 2h
              kith peers grant laptop --preset mine
              kith peers remove old-phone
            """,
        subcommands: [
            PeersListCommand.self, PeersWatchCommand.self, PeersStatusCommand.self, PeersAddCommand.self,
            PeersRenameCommand.self,
            PeersGrantCommand.self, PeersRemoveCommand.self,
        ],
        defaultSubcommand: PeersListCommand.self)
}
