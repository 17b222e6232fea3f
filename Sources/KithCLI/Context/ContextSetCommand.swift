import ArgumentParser
import KithAPI

/// `kith context set`
struct ContextSetCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Store a value under a key.",
        discussion: """
            With --if-version N the value is stored only if the key has that version now; 0 means that it \
            must not exist. Of several that try at once, exactly one succeeds.
            """)

    @Argument(help: "The key, for example build/status.", completion: .keys)
    var key: String

    @Argument(help: "The text to store; - reads it from standard input.")
    var value: String

    @Option(help: ArgumentHelp("Forget the entry after this long: 60, 90s, 10m, 1h.", valueName: "time"))
    var ttl: TimeSpan?

    @Option(help: ArgumentHelp("Only if the key has this version now; 0: only if it does not exist.", valueName: "n"))
    var ifVersion: Int?

    @OptionGroup var claim: ClaimOptions
    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if ttl?.wholeSeconds == 0 { throw ValidationError("--ttl must be longer than nothing.") }
    }

    func run() async throws {
        let text = value == "-" ? try await Source.standardInput.text(limit: 1 << 20) : value
        let session = try common.session()
        let request = SetContext(key: key, value: text, secondsToLive: ttl?.wholeSeconds, ifVersion: ifVersion)
            .behind(try await claim.find(session.client))
        try await session.show(request, on: target.target) { entry in
            "\(entry.key.escaped) is set (version \(entry.version))."
        }
    }
}
