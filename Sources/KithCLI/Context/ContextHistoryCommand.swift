import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith context history`
struct ContextHistoryCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the last changes of a key, newest first.")

    @Argument(help: "The key.", completion: .keys)
    var key: String

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let (session, now) = (try common.session(), Date())
        try await session.show(GetContextHistory(key: key), on: target.target) { reply in
            let lines = reply.entries.map { ContextView.line($0, at: now, width: session.output.width) }
            return lines.isEmpty ? "Nothing is remembered." : lines.joined(separator: "\n")
        }
    }
}
