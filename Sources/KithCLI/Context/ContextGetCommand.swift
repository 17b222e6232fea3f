import ArgumentParser
import KithAPI
import KithClient

/// `kith context get`
struct ContextGetCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print the value under a key, and nothing else.",
        discussion: "On a terminal, control characters in the value are made visible; elsewhere it is printed as it is."
    )

    @Argument(help: "The key.", completion: .keys)
    var key: String

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(GetContext(key: key), on: target.target) { entry in
            Descriptor.standardOutput.isTerminal ? entry.value.escapedLines : entry.value + "\n"
        }
    }
}
