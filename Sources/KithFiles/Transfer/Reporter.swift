import FoundationEssentials
import KithAPI

/// Tells the news of a transfer to one listener, one line at a time, whoever brings it.
actor Reporter {
    private let tell: @Sendable (TransferEvent) async throws -> Void
    private let now: @Sendable () -> Date
    private var meter = ProgressMeter()
    private var bytes = 0
    private var totalBytes: Int?
    private var isTelling = false
    private let isTerse: Bool
    /// At most two: there are three who bring news.
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter isTerse: whether what went well is not told by entry.
    init(
        isTerse: Bool = false, now: @escaping @Sendable () -> Date,
        tell: @escaping @Sendable (TransferEvent) async throws -> Void
    ) {
        self.isTerse = isTerse
        self.now = now
        self.tell = tell
    }

    /// Bytes in all are known now.
    func expect(_ total: Int?) { totalBytes = total }

    /// More bytes have flowed. Says so unless that was said just now, or the listener is still busy.
    func moved(by count: Int) async throws { try await moved(to: bytes.adding(bytes: count), of: totalBytes) }

    /// So many bytes have flowed, of so many. Says so as ``moved(by:)`` does.
    func moved(to count: Int, of total: Int?) async throws {
        guard count > bytes || total != totalBytes else { return }
        (bytes, totalBytes) = (max(bytes, count), total)
        guard !isTelling, meter.isDue(at: now()) else { return }
        try await say(.progress)
    }

    /// Entries have their outcomes.
    func placed(_ verdicts: [EntryVerdict]) async throws {
        for verdict in verdicts where !isTerse || verdict.state == .failed {
            try await say(.entry, outcome: verdict.outcome)
        }
    }

    /// All is over.
    func done(_ summary: TransferSummary) async throws { try await say(.done, summary: summary) }

    private func say(
        _ kind: TransferEvent.Kind, outcome: TransferOutcome? = nil, summary: TransferSummary? = nil
    ) async throws {
        while isTelling { await withCheckedContinuation { waiting.append($0) } }
        isTelling = true
        defer { rest() }
        try await tell(TransferEvent(kind, bytes: bytes, totalBytes: totalBytes, outcome: outcome, summary: summary))
    }

    private func rest() {
        isTelling = false
        let next = waiting
        waiting = []
        for continuation in next { continuation.resume() }
    }
}
