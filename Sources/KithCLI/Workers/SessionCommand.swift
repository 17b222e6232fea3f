import ArgumentParser

/// `kith session`, also `kith worker`
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Have workers: nodes of their own on this machine.",
        discussion: """
            Each worker has its own key, port and store, and trusts whom this node trusts. Commands that take a peer or \
            --on reach it by its name: worker-1, or studio/worker-1 from other machines. What takes neither, such as \
            message inbox, asks the node whose folder is KITH_HOME; kith session status prints that line.

            Other machines trust it once their owners let this node vouch for its workers: kith peers grant studio \
            --allow vouch. It may do there what this node may, at most.

            Workers run on when this node stops or dies, and it finds them again.

            Examples:
              kith session start reviewer
              kith session start-fleet -c 8
              kith exec worker-3 -- swift test
              kith exec @workers -- git pull
              kith mcp serve --session reviewer
              kith session stop-all
            """,
        subcommands: [
            SessionStartCommand.self, SessionStartFleetCommand.self, SessionListCommand.self,
            SessionStatusCommand.self, SessionStopCommand.self, SessionStopAllCommand.self, SessionRemoveCommand.self,
        ],
        aliases: ["worker"])
}
