import ArgumentParser
import KithAPI

/// `kith context history`
struct ContextHistoryCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the last changes of a key, newest first.")

    @Argument(help: "The key.")
    var key: String

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(GetContextHistory(key: key), on: target.target) { reply in
            reply.entries.isEmpty
                ? "Nothing is remembered." : reply.entries.map { ContextView.line($0) }.joined(separator: "\n")
        }
    }
}
