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
    /// At most one: there are two who bring news.
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(now: @escaping @Sendable () -> Date, tell: @escaping @Sendable (TransferEvent) async throws -> Void) {
        self.now = now
        self.tell = tell
    }

    /// Bytes in all are known now.
    func expect(_ total: Int?) { totalBytes = total }

    /// More bytes have flowed. Says so unless that was said just now, or the listener is still busy.
    func moved(_ count: Int) async throws {
        bytes += count
        guard !isTelling, meter.isDue(at: now()) else { return }
        try await say(.progress)
    }

    /// An entry has its outcome.
    func placed(_ outcome: TransferOutcome) async throws { try await say(.entry, outcome: outcome) }

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
