import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith ls`
struct ListFilesCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List a folder of a peer.",
        discussion: """
            Examples:
              kith ls studio
              kith ls studio code/app -l
            """)

    @Argument(help: "The peer; . is this node.", completion: .peers)
    var peer: String

    @Argument(help: "The folder; the home folder of the owner unless given.")
    var path: String?

    @Flag(name: .customShort("l"), help: "With kind, permissions, size and time.")
    var isLong = false

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        let pages = Pages<ListFiles>(session: try common.session(), target: .named(peer)) { cursor in
            ListFiles(path: path, cursor: cursor)
        }
        try await pages.show { isLong ? Self.long($0, at: Date()) : Self.short($0) }
    }

    /// A name per line; folders end with a slash.
    static func short(_ entries: [FileEntry]) -> String {
        entries.map { $0.name.escaped + ($0.type == .directory ? "/" : "") }.joined(separator: "\n")
    }

    /// A line per entry, as `ls -l` has it.
    static func long(_ entries: [FileEntry], at now: Date) -> String {
        let sizes = entries.map { $0.type == .file ? "\($0.size)" : "-" }
        let width = sizes.map(\.count).max() ?? 0
        let times = entries.map { Measure.moment($0.modified, at: now) }
        let longest = times.map(\.count).max() ?? 0
        return zip(zip(entries, sizes), times).map { known, time in
            let (entry, size) = known
            let name = entry.name.escaped + (entry.target.map { " -> " + $0.escaped } ?? "")
            let pad = String(repeating: " ", count: width - size.count)
            return "\(FileMode.text(entry))  \(pad)\(size)  \(Columns.pad(time, to: longest))  \(name)"
        }.joined(separator: "\n")
    }
}
