import ArgumentParser

/// `kith message`
struct MessageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message",
        abstract: "Write to agents, here and on peers, and know how far it came.",
        discussion: """
            Examples:
              kith message send reviewer@studio 'Please look at the last commit.' --ack need
              kith message inbox --as reviewer
              kith message wait --time 50s
              kith message status ID
            """,
        subcommands: [
            MessageSendCommand.self, MessageInboxCommand.self, MessageWaitCommand.self, MessageWatchCommand.self,
            MessageListCommand.self,
            MessageAckCommand.self, MessageNackCommand.self, MessageThreadCommand.self, MessageStatusCommand.self,
            MessagePolicyCommand.self, MessageReleaseCommand.self,
        ],
        aliases: ["messages"])
}
