import ArgumentParser
import Glibc
import KithAPI
import KithClient

/// Follows a transfer to its end: progress while it runs, failures as they come, a summary.
struct TransferRun {
    let session: Session
    /// What was done, as the sentence at the end begins.
    let verb: String

    /// Whether the news of what went well is of no use: people see failures, and in a dry run everything.
    func isTerse(_ options: TransferOptions) -> Bool? {
        session.output.format == .people && !options.dryRun ? true : nil
    }

    /// Whether somebody looks at the share that is done.
    var wantsTotal: Bool? {
        session.output.format == .people && Descriptor.standardError.isTerminal ? true : nil
    }

    /// Follows `request`; leaves with 1 if an entry failed, with 128+N on a signal.
    func follow<F: Feed>(_ request: F) async throws where F.Element == TransferEvent {
        let signals = Signals([SIGINT, SIGTERM])
        defer { signals.cancel() }
        let received = signals.stream
        let json = try JSON.encode(request)
        let code = try await withThrowingTaskGroup(of: ExitCode?.self) { group in
            group.addTask { try await show(F.name, json) }
            group.addTask {
                for await signal in received { return ExitCode(128 + signal) }
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let code else { return }
        if code.rawValue > 128 { session.output.note(Self.interrupted) }
        throw code
    }

    /// What is said after Ctrl-C.
    static let interrupted = "kith: Interrupted. What has arrived is kept: run the same command again to go on."

    /// Shows everything to the end; answers the code to leave with.
    private func show(_ name: String, _ json: [UInt8]) async throws -> ExitCode? {
        var progress = ProgressLine(isWanted: session.output.format == .people)
        defer { progress.erase() }
        var rate = Rate()
        var summary: TransferSummary?
        do {
            for try await line in session.client.rawFeed(name, json: json) {
                let event = try KithClient.read(TransferEvent.self, from: line)
                if session.output.format == .json { try session.output.answer(line) }
                switch event.kind {
                case .progress: progress.show(rate.line(event, at: .now))
                case .entry: try report(event, &progress)
                case .done: summary = event.summary
                }
            }
        } catch {
            if summary == nil { throw error }
        }
        progress.erase()
        return try finish(summary)
    }

    private func report(_ event: TransferEvent, _ progress: inout ProgressLine) throws {
        guard let outcome = event.outcome else { return }
        progress.erase()
        if let error = outcome.error {
            session.output.note(Self.failure(outcome.path, error))
        } else if session.output.format == .people {
            try session.output.answer(Self.view(outcome))
        }
    }

    private func finish(_ summary: TransferSummary?) throws -> ExitCode? {
        guard let summary else {
            throw KithError(
                .unavailable, "The transfer was cut before it was done.", hint: "Run the same command again.")
        }
        if session.output.format == .people { try session.output.answer(Self.view(summary, verb)) }
        return summary.failures > 0 ? .failure : nil
    }

    /// `Sent 3 entries (1.4 MiB) in 0.2 s; 2 were there already; 1 failed.`
    static func view(_ summary: TransferSummary, _ verb: String) -> String {
        let entries = Measure.count(summary.entries, "entry", plural: "entries")
        let time = Measure.duration(milliseconds: Double(summary.duration))
        let unchanged =
            summary.unchanged == 0
            ? "" : "; \(summary.unchanged) \(summary.unchanged == 1 ? "was" : "were") there already"
        let failures = summary.failures == 0 ? "" : "; \(summary.failures) failed"
        return "\(verb) \(entries) (\(Measure.bytes(summary.bytes))) in \(time)\(unchanged)\(failures)."
    }

    /// One entry of a dry run: `new      notes/a.txt  1.4 KiB`, `replace  …` where another file stands, or `same     …`
    /// for what is there already.
    static func view(_ outcome: TransferOutcome) -> String {
        let size = outcome.size == 0 ? "" : "  \(Measure.bytes(outcome.size))"
        let word =
            switch outcome.state {
            case .unchanged: "same   "
            case .replacing: "replace"
            case .placed, .pending, .failed: "new    "
            }
        return "\(word)  \(outcome.path.escaped)\(size)"
    }

    /// One failed entry on one line.
    static func failure(_ path: String, _ error: KithError) -> String {
        let text = "kith: \(path.escaped): \(error.message.escaped)"
        return error.hint.map { text + " " + $0.escaped } ?? text
    }
}
