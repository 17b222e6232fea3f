import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith context watch`
struct ContextWatchCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print every change of the entries as it comes.",
        discussion: """
            Each change has a number. Come back with the last one, and nothing is missed and nothing comes twice; what was forgotten meanwhile is said.
            """)

    @Option(help: ArgumentHelp("Only keys that begin with this.", valueName: "text"), completion: .keys)
    var prefix: String?

    @Option(help: ArgumentHelp("After this change; only what is new unless given.", valueName: "n"))
    var cursor: Int?

    @Flag(help: "Print what is there after the cursor, and end.")
    var once = false

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let request = WatchContext(prefix: prefix, cursor: cursor, follow: once ? false : nil)
        let session = try common.session()
        try await session.show(request, on: target.target) {
            ContextView.line($0, at: Date(), width: session.output.width)
        }
    }
}
