import ArgumentParser

/// `kith task`
struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task",
        abstract: "Work that exactly one agent has at a time.",
        discussion: """
            Examples:
              kith task post 'Review the parser' --to cap:review
              kith task claim-next --as reviewer --everywhere
              kith task complete ID 'merged' --token 1
            """,
        subcommands: [
            TaskPostCommand.self, TaskClaimCommand.self, TaskNextCommand.self, TaskRenewCommand.self,
            TaskUpdateCommand.self, TaskCompleteCommand.self, TaskFailCommand.self, TaskReleaseCommand.self,
            TaskCancelCommand.self, TaskListCommand.self, TaskShowCommand.self, TaskAdoptCommand.self,
            TaskEventsCommand.self,
        ],
        aliases: ["tasks"])
}
