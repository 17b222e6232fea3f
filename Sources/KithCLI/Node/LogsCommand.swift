import ArgumentParser
import KithAPI

/// `kith logs`
struct LogsCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Who did what here, when, with which result.",
        discussion: """
            Without --daemon this is the audit log: one line for each thing that was asked, by whom, and how it \
            ended. With --daemon it is what the daemon has to say about itself.

            Examples:
              kith logs -f
              kith logs --peer studio -n 200
              kith logs --daemon -f
            """)

    @Flag(name: .shortAndLong, help: "Stay, and print what comes.")
    var follow = false

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Only the last so many lines; 50 unless given.", valueName: "n"))
    var lines: Int?

    @Option(help: "Only what this peer did.", completion: .peers)
    var peer: String?

    @Flag(help: "The daemon's own log.")
    var daemon = false

    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if let lines, !(1...10_000).contains(lines) { throw ValidationError("-n takes a number from 1 to 10000.") }
        if daemon, peer != nil { throw ValidationError("--peer is for the audit log, not for --daemon.") }
    }

    func run() async throws {
        let session = try common.session()
        if daemon { return try await printDaemonLog(session) }
        let request = FollowAudit(last: lines, follow: follow ? true : nil, peer: peer)
        try await session.show(request) { Self.line($0) }
    }

    /// One record on one line.
    static func line(_ record: AuditRecord) -> String {
        var words = [record.time, record.caller, record.action, record.result]
        if let object = record.object { words.append(object) }
        words += (record.details ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return words.map(\.escaped).joined(separator: "  ")
    }

    private func printDaemonLog(_ session: Session) async throws {
        var tail = try FileTail(path: session.folders.logs + "/daemon.log")
        for line in tail.last(lines ?? 50) {
            try session.output.answer(String(decoding: line, as: UTF8.self).escapedLines)
        }
        while follow {
            try await Task.sleep(for: .milliseconds(200))
            let news = String(decoding: tail.news(), as: UTF8.self)
            if !news.isEmpty { try Descriptor.standardOutput.write(Array(news.escapedLines.utf8)) }
        }
    }
}
