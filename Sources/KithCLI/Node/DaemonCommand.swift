import ArgumentParser
import Glibc

/// `kith daemon`
struct DaemonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon", abstract: "Run the daemon in the foreground.", subcommands: [DaemonRunCommand.self])
}

/// `kith daemon run`
struct DaemonRunCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Become the daemon, in the foreground, until Ctrl-C.",
        discussion: "For service managers, containers, and for looking what goes wrong. The log goes to standard error."
    )

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        _ = try common.session()
        try DaemonProgram.find().replaceThisProcess(["run"])
    }
}
