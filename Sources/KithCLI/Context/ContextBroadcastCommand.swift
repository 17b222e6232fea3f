import ArgumentParser
import KithAPI

/// `kith context broadcast`
struct ContextBroadcastCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "broadcast",
        abstract: "Store a value here and on every peer, and say what happened at each.")

    @Argument(help: "The key.", completion: .keys)
    var key: String

    @Argument(help: "The text to store; - reads it from standard input.")
    var value: String

    @Option(help: ArgumentHelp("Forget the entry after this long: 60, 90s, 10m, 1h.", valueName: "time"))
    var ttl: TimeSpan?
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let text = value == "-" ? try await Source.standardInput.text(limit: 1 << 20) : value
        let request = BroadcastContext(key: key, value: text, secondsToLive: ttl?.wholeSeconds)
        let session = try common.session()
        try await session.show(request) { ContextView.outcomes($0, width: session.output.width) }
    }
}
