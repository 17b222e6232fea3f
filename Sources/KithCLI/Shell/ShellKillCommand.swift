import ArgumentParser
import KithAPI

/// `kith shell kill`
struct ShellKillCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "End a terminal and all that runs in it.")

    @Argument(help: "Its name or job id.", completion: .terminals)
    var terminal: String

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(EndTerminal(terminal: terminal), on: target.target) { job in
            "The terminal \((job.name ?? job.jobID.text).escaped) is told to end."
        }
    }
}
