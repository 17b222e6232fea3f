import ArgumentParser
import FoundationEssentials
import KithAPI
import KithClient

/// `kith logs`
struct LogsCommand: Answering {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "What a job wrote; or who did what here, when, with which result.",
        discussion: """
            With a job, this is what it wrote, from the beginning, as far as that is kept; with -f to its end.

            Otherwise, without --daemon, this is the audit log: one line for each thing that was asked, by whom, and how it \
            ended. With --daemon it is what the daemon has to say about itself.

            Examples:
              kith logs -f jmbswy3dpeblw --on studio
              kith logs -f
              kith logs --peer studio -n 200
              kith logs --daemon -f
            """)

    @Argument(help: "The job whose output to print: its id, or the beginning of it.", completion: .jobs)
    var output: String?

    @Flag(name: .shortAndLong, help: "Stay, and print what comes.")
    var follow = false

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Only the last so many lines; 50 unless given.", valueName: "n"))
    var lines: Int?

    @Option(help: "Only what this peer did.", completion: .peers)
    var peer: String?

    @Option(help: "Only what was done to this job.", completion: .jobs)
    var job: String?

    @Flag(help: "The daemon's own log.")
    var daemon = false

    /// Bytes of a line of the daemon's own log; none of ours is longer.
    private static let longestLine = 1 << 20

    @OptionGroup var place: TargetOptions
    @OptionGroup var common: GlobalOptions

    func validate() throws {
        if output != nil, daemon || peer != nil || job != nil || lines != nil {
            throw ValidationError("The output of a job takes -f, --on and --json only.")
        }
        if output == nil, place.on != nil { throw ValidationError("--on needs a job.") }
        if daemon, job != nil { throw ValidationError("--job is for the audit log, not for --daemon.") }
        if let lines, !(1...10_000).contains(lines) { throw ValidationError("-n takes a number from 1 to 10000.") }
        if daemon, peer != nil { throw ValidationError("--peer is for the audit log, not for --daemon.") }
    }

    func run() async throws {
        let session = try common.session()
        if let output {
            let id = try await JobWord.find(output, session, on: place.target)
            return try await JobLog(session: session, target: place.target).show(id, follows: follow)
        }
        if daemon { return try await showDaemonLog(session) }
        if let peer { try await check(peer, session) }
        let request = FollowAudit(last: lines, follow: follow ? true : nil, peer: peer)
        try await show(request, session)
    }

    /// Somebody who is no peer and left no record was typed wrongly; the records of a former peer are still there.
    private func check(_ peer: String, _ session: Session) async throws {
        let known = try await session.client.call(ListPeers()).peers.filter { $0.status != .unpaired }
        guard !known.contains(where: { $0.name.text == peer }) else { return }
        for try await _ in session.client.feed(FollowAudit(last: 1, peer: peer)) { return }
        throw KithError(
            .peerUnknown, "No peer is called `\(peer)`, and no record names one.",
            hint: "See `kith peers`; what you did yourself is `--peer owner`.")
    }

    private func show(_ request: FollowAudit, _ session: Session) async throws {
        for try await line in session.client.rawFeed(FollowAudit.name, json: try JSON.encode(request)) {
            let record = try KithClient.read(AuditRecord.self, from: line)
            guard job.map({ record.object?.hasPrefix($0) == true }) ?? true else { continue }
            try session.output.show(line, as: AuditRecord.self) { Self.line($0, at: Date()) }
        }
    }

    /// How the log writes a time.
    private static let written = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// One record on one line.
    static func line(_ record: AuditRecord, at now: Date) -> String {
        let time = (try? Self.written.parse(record.time)).map { Measure.moment($0, at: now) }
        var words = [
            time ?? record.time, Columns.pad(record.caller.escaped, to: 16), Columns.pad(record.action, to: 14),
            Columns.pad(record.result, to: 5),
        ]
        if let object = record.object { words.append(object) }
        words += (record.details ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return Columns.line(words.map(\.escaped), within: nil)
    }

    private func showDaemonLog(_ session: Session) async throws {
        var tail = try FileTail(path: session.folders.logs + "/daemon.log")
        for line in tail.last(lines ?? 50) { try show(line[...], session) }
        var rest: [UInt8] = []
        while follow {
            try await Task.sleep(for: .milliseconds(200))
            rest += tail.news()
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                try show(rest[..<end], session)
                rest.removeSubrange(...end)
            }
            if rest.count > Self.longestLine { rest.removeAll() }
        }
    }

    private func show(_ line: ArraySlice<UInt8>, _ session: Session) throws {
        let text = String(decoding: line, as: UTF8.self)
        try session.output.show(DaemonLogLine(text)) { _ in text.escapedLines }
    }
}
