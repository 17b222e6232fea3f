import ArgumentParser

/// `kith config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the configuration file.", subcommands: [ConfigCheckCommand.self])
}

/// `kith config check`
struct ConfigCheckCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say whether the configuration file is right.",
        discussion: "Leaves with 78 if it is not, and names the file, the line and the nearest known key.")

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        _ = try common.session()
        try DaemonProgram.find().replaceThisProcess(["check-config"] + (common.json ? ["--json"] : []))
    }
}
