import ArgumentParser
import FoundationEssentials
import KithAPI

/// `kith stat`
struct StatFileCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "stat", abstract: "Describe a file, folder or link of a peer.")

    @Argument(help: "The peer; . is this node.", completion: .peers)
    var peer: String

    @Argument(help: "The path, absolute or relative to the home folder there.")
    var path: String

    @OptionGroup var common: GlobalOptions

    func run() async throws {
        try await common.session().show(StatFile(path: path), on: .named(peer)) { Self.view($0, at: Date()) }
    }

    /// The entry as names and values.
    static func view(_ entry: FileEntry, at now: Date) -> String {
        var facts = Facts()
        facts.add("path", entry.path)
        facts.add("type", entry.type.rawValue + (entry.target.map { " to " + $0 } ?? ""))
        if entry.type == .file {
            facts.add("size", Measure.bytes(entry.size) + (entry.size < 1024 ? "" : " (\(entry.size) bytes)"))
        }
        facts.add("mode", String(entry.mode, radix: 8) + "  " + FileMode.text(entry))
        facts.add("modified", Measure.full(entry.modified, at: now))
        return facts.text
    }
}
