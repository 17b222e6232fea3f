import ArgumentParser
import KithAPI

/// `kith context delete`
struct ContextDeleteCommand: Answering {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Forget a key.")

    @Argument(help: "The key.", completion: .keys)
    var key: String

    @Option(help: ArgumentHelp("Only if the key has this version now.", valueName: "n"))
    var ifVersion: Int?

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(DeleteContext(key: key, ifVersion: ifVersion), on: target.target) { entry in
            "\(entry.key.escaped) is forgotten (it was at version \(entry.version))."
        }
    }
}
