import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith context list`
struct ContextListCommand: Answering {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List keys and their values.")

    @Option(help: ArgumentHelp("Only keys that begin with this.", valueName: "text"), completion: .keys)
    var prefix: String?

    @OptionGroup var target: TargetOptions
    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let session = try common.session()
        let pages = Pages<ListContext>(session: session, target: target.target) { cursor in
            ListContext(prefix: prefix, cursor: cursor, limit: 1000)
        }
        try await pages.show { Self.view($0, at: Date(), width: session.output.width) }
    }

    /// The entries as a table; values cut to one short line.
    static func view(_ entries: [ContextEntry], at now: Date, width: Int? = nil) -> String {
        var table = Table("KEY", "VALUE", "VERSION", "SET", "ENDS", cutting: ["VALUE"])
        for entry in entries {
            let end = entry.expiresAt.map { "in " + Measure.duration(seconds: max(0, Int($0.timeIntervalSince(now)))) }
            table.add(
                entry.key, short(entry.value), "\(entry.version)", Measure.age(of: entry.updatedAt, at: now), end ?? "")
        }
        return entries.isEmpty ? "There are no entries." : table.text(within: width)
    }

    private static func short(_ value: String) -> String {
        Columns.fit(String(value.prefix(200)).escaped, into: 48)
    }
}
