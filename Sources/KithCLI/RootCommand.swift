import ArgumentParser
import KithAPI

/// `kith`: every command, in groups by purpose.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kith",
        abstract: "Your machines, one mesh: commands, files and shared values for you and your agents.",
        version: "kith \(Version.text)",
        groupedSubcommands: [
            CommandGroup(
                name: "This machine",
                subcommands: [
                    InitCommand.self, StartCommand.self, StopCommand.self, RestartCommand.self, StatusCommand.self,
                    TopCommand.self, DoctorCommand.self, KeyCommand.self, EnableCommand.self, DisableCommand.self,
                    ServiceStatusCommand.self, UpdateCommand.self,
                ]),
            CommandGroup(name: "Other machines", subcommands: [PairCommand.self, PeersCommand.self]),
            CommandGroup(
                name: "Work",
                subcommands: [
                    ExecCommand.self, ShellCommand.self, JobsCommand.self, AttachCommand.self, WaitCommand.self,
                    KillCommand.self,
                    SendCommand.self, PullCommand.self, ListFilesCommand.self, StatFileCommand.self,
                    ContextCommand.self,
                ]),
            CommandGroup(
                name: "Agents",
                subcommands: [
                    MCPCommand.self, MessageCommand.self, TaskCommand.self, AgentCommand.self, SessionCommand.self,
                ]),
            CommandGroup(
                name: "Oversight",
                subcommands: [LogsCommand.self, AuditCommand.self, ApprovalsCommand.self, MetricsCommand.self]),
            CommandGroup(
                name: "Details",
                subcommands: [
                    ConfigCommand.self, ReloadCommand.self, DaemonCommand.self, CallCommand.self,
                    CompletionsCommand.self, SendMessageCommand.self, CheckInboxCommand.self,
                ]),
        ])

    /// The command of that name, if it has none below it.
    static func leaf(_ name: String?) -> (any AsyncParsableCommand.Type)? {
        configuration.groupedSubcommands.lazy.flatMap(\.subcommands).first {
            $0.configuration.commandName == name && $0.configuration.subcommands.isEmpty
        } as? any AsyncParsableCommand.Type
    }

    func run() async throws {
        try Output(format: .people).answer(Self.overview)
    }

    /// What `kith` alone prints.
    static let overview = """
        kith \(Version.text): your machines, one mesh.

        Begin
          kith init                       give this machine an identity
          kith start                      start its daemon
          kith pair                       let another machine join; it types `kith pair THIS-HOST`

        Work, here and there
          kith peers                      who is there
          kith exec studio -- uptime      run a command on a peer
          kith shell studio               work in a terminal there that stays when you leave
          kith jobs studio                what runs there; `attach`, `wait`, `kill`, `logs -f` with a job's id
          kith send studio a.txt inbox/   send files and folders; `kith pull` fetches them
          kith context set key value      share small values; `get`, `list`, `delete`, `watch`

        Agents
          kith message send a@studio …    write to an agent; `inbox`, `wait`, `ack`, `status`
          kith task post 'Review …'       post work; `claim-next`, `complete`, `list`
          kith agent list --everywhere    who is there to be written to
          kith session start-fleet -c 4   have workers; `kith exec @workers -- …` runs on all of them
          kith mcp add                    let your coding agents do all of this

        Look after it
          kith status                     how the daemon is, and what goes on; `kith top` live
          kith doctor                     what is wrong, and what to do about it
          kith logs -f                    who did what here
          kith approvals                  what waits for your word
          kith peers grant studio …       what a peer may do here

        Every command explains itself with --help and answers in JSON with --json.
        """
}
