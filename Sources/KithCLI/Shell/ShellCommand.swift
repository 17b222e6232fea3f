import ArgumentParser
import Glibc
import KithAPI
import KithClient

/// `kith shell`
struct ShellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Work in a terminal on a peer, which stays when you leave.",
        discussion: """
            Ctrl-A D leaves the terminal; what runs in it runs on, and `kith shell attach` comes back to the same \
            screen, from any machine, also after the link was lost or a daemon was restarted. Ctrl-A A sends Ctrl-A. \
            Several people may work in one terminal; the smallest window counts.

            Examples:
              kith shell studio                      a login shell on studio
              kith shell studio --name build         the same, with a name to come back to
              kith shell studio -- htop              a program instead of the shell
              kith shell list --on studio
              kith shell attach build --on studio
              kith shell kill build --on studio
            """,
        subcommands: [
            ShellOpenCommand.self, ShellListCommand.self, ShellAttachCommand.self, ShellKillCommand.self,
        ],
        defaultSubcommand: ShellOpenCommand.self)
}

/// How people leave a terminal.
struct EscapeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The key before D that leaves: ctrl-b, …, or none; ctrl-a unless given.", valueName: "key"))
    var escape: EscapeKey?

    var key: EscapeKey { escape ?? .usual }
}

extension KithClient.Target {
    /// The target as it stands behind `--on`; empty for this node.
    var option: String {
        guard case .peer(let name) = self else { return "" }
        return " --on \(name.escaped)"
    }
}

extension TerminalRun {
    /// Runs a terminal of the person at this one, says how it came to an end, and gives the code to leave with.
    func shell(_ session: Session) async throws -> ExitCode {
        let hint = "Run it in a terminal; `kith exec` runs commands without one."
        guard let terminal = RawTerminal() else { throw RawTerminal.missing(hint) }
        let (outcome, jobID) = try await run(in: terminal)
        switch outcome {
        case .ended(let end):
            session.output.note("kith: The terminal has ended.")
            return ExitCode(remote: end.exitCode)
        case .left where jobID == nil: return ExitCode(128 + SIGINT)
        case .left:
            let name = await name(of: jobID)
            session.output.note("kith: The terminal \(name) runs on. Back: kith shell attach \(name)\(target.option)")
            return .success
        case .signalled(let signal):
            return ExitCode(128 + signal)
        }
    }

    /// What the terminal is called; its job's id where nobody says it soon.
    private func name(of id: JobID?) async -> String {
        guard let id else { return "" }
        let found = await withTaskGroup(of: String?.self) { group in
            group.addTask {
                let all = try? await client.call(ListTerminals(), on: target)
                return all?.jobs.first { $0.jobID == id }?.name
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(2))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        return (found ?? id.text).escaped
    }
}
