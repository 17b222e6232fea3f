import ArgumentParser
import KithAPI
import KithClient

/// Follows a transfer to its end: progress while it runs, failures as they come, a summary.
struct TransferRun {
    let session: Session
    let verb: String

    /// Follows `request`; leaves with 1 if an entry failed.
    func follow<F: Feed>(_ request: F) async throws where F.Element == TransferEvent {
        var progress = ProgressLine(isWanted: session.output.format == .people)
        defer { progress.erase() }
        var rate = Rate()
        var summary: TransferSummary?
        for try await line in session.client.rawFeed(F.name, json: try JSON.encode(request)) {
            let event = try KithClient.read(TransferEvent.self, from: line)
            if session.output.format == .json { try session.output.answer(line) }
            switch event.kind {
            case .progress: progress.show(rate.line(event, at: .now))
            case .entry: report(event, &progress)
            case .done: summary = event.summary
            }
        }
        progress.erase()
        try finish(summary)
    }

    private func report(_ event: TransferEvent, _ progress: inout ProgressLine) {
        guard let outcome = event.outcome, let error = outcome.error else { return }
        progress.erase()
        session.output.note(Self.failure(outcome.path, error))
    }

    private func finish(_ summary: TransferSummary?) throws {
        guard let summary else {
            throw KithError(
                .unavailable, "The transfer was cut before it was done.", hint: "Run the same command again.")
        }
        if session.output.format == .people { try session.output.answer(Self.view(summary, verb)) }
        if summary.failures > 0 { throw ExitCode.failure }
    }

    /// `Sent 3 entries (1.4 MiB) in 0.2 s; 1 failed.`
    static func view(_ summary: TransferSummary, _ verb: String) -> String {
        let entries = Measure.count(summary.entries, "entry", plural: "entries")
        let time = Measure.duration(milliseconds: Double(summary.duration))
        let failures = summary.failures == 0 ? "" : "; \(summary.failures) failed"
        return "\(verb) \(entries) (\(Measure.bytes(summary.bytes))) in \(time)\(failures)."
    }

    /// One failed entry on one line.
    static func failure(_ path: String, _ error: KithError) -> String {
        let text = "kith: \(path.escaped): \(error.message.escaped)"
        return error.hint.map { text + " " + $0.escaped } ?? text
    }
}
