import KithAPI
import KithDigest

/// The receiving side of a transfer: says what it lacks, and writes what comes beside its place, on a queue of its own.
///
/// Three tasks use it: one brings frames (``take(_:)``), one has batches committed (``batch()``, ``settle(_:_:)``), one
/// carries what it says to the sender (``speech()``).
actor Unpacker {
    /// So much may be staged before the frames wait.
    private static let maximumStaged = 128
    /// So many bytes are said at once.
    private static let speechSize = 256 << 10
    /// So many speeches may wait before the frames wait.
    private static let maximumSpeeches = 4
    /// The sender hears of bytes that are safe when there are so many more: a quarter of what it may be ahead.
    private static let keptStep = Packer.window / 4

    private enum Topic: Hashable {
        case room, batch, speech
    }

    private nonisolated let executor = DiskExecutor("unpacker")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let plan: Plan
    var intake: Intake
    var folders: FolderTree
    var waiting: [Int: Waiting] = [:]
    var writer: FileWriter?
    var files = 0
    private var records = RecordWriter()
    private var speeches: [[UInt8]] = []
    private var staged: [Staged] = []
    private var committing = 0
    private var verdicts: [EntryVerdict] = []
    private var keptBytes = 0
    private var saidBytes = 0
    private var hasSummedUp = false
    private var summary = TransferSummary()
    private var waiters: [Topic: CheckedContinuation<Void, Never>] = [:]
    private(set) var firstFailure: KithError?
    private(set) var movedBytes = 0
    private(set) var totalBytes: Int?

    /// Places what comes as `plan` says.
    init(_ plan: Plan) {
        self.plan = plan
        intake = Intake(sources: plan.sources)
        folders = FolderTree(plan.landing, in: plan.boundary, .init(isDryRun: plan.isDryRun, now: plan.now))
    }

    /// Takes one frame, once there is room for what it may bring.
    ///
    /// - Throws: only what ends the transfer; an entry that fails is a verdict.
    func take(_ frame: Frame) async throws -> Arrival {
        while staged.count + committing >= Self.maximumStaged || speeches.count >= Self.maximumSpeeches {
            try Task.checkCancellation()
            await wait(for: .room)
        }
        try read(frame)
        sayKept()
        wakeAll()
        defer { verdicts = [] }
        return Arrival(
            verdicts: verdicts, movedBytes: movedBytes, totalBytes: totalBytes, isOver: intake.isOver)
    }

    private func read(_ frame: Frame) throws {
        switch frame.kind {
        case .extra:
            var reader = RecordReader(frame.payload)
            while !reader.isAtEnd {
                // One frame can bring many holes to make.
                try Task.checkCancellation()
                let record = try SourceRecord(from: &reader)
                try intake.admit(record, waiting: waiting.count)
                try take(record)
            }
        case .data:
            try intake.content(frame.payload.count)
            arrived(frame.payload.count)
            try append { (writer) throws(KithError) in try writer.write(frame.payload) }
            keep(frame.payload.count, if: writer?.temporary.isKept ?? true)
        default: throw Intake.violation("a frame that does not belong here")
        }
    }

    func arrived(_ count: Int) {
        summary.sentBytes = summary.sentBytes.adding(bytes: count)
        movedBytes = movedBytes.adding(bytes: count)
    }

    /// Files that are here already count as moved.
    func spared(_ count: Int) { movedBytes = movedBytes.adding(bytes: count) }

    func expect(_ total: Int) { totalBytes = total }

    /// So many bytes of content need never come again, if so.
    func keep(_ count: Int, if isSafe: Bool = true) { keptBytes = keptBytes.adding(bytes: isSafe ? count : 0) }

    private func sayKept(always: Bool = false) {
        guard keptBytes - saidBytes >= (always ? 1 : Self.keptStep) else { return }
        say(.kept(keptBytes))
        saidBytes = keptBytes
    }

    /// Tells the sender.
    func say(_ record: SinkRecord) {
        record.write(to: &records)
        if records.bytes.count >= Self.speechSize { endSpeech() }
    }

    private func endSpeech() {
        speeches.append(records.bytes)
        records = RecordWriter()
    }

    /// Whatever became of an entry is said here.
    func judge(_ verdict: EntryVerdict) {
        summary.count(verdict)
        if let error = verdict.error { firstFailure = firstFailure ?? error }
        verdicts.append(verdict)
        if plan.tellsVerdicts { say(.verdict(verdict)) }
    }

    /// Something waits for its place; its folder must not be finished before.
    func stage(_ entry: Staged) {
        staged.append(entry)
    }

    /// Whether something waits to be committed.
    var isStaging: Bool { !staged.isEmpty }

    /// Whether something waits to be said.
    var isSpeaking: Bool { !records.isEmpty || !speeches.isEmpty }

    // MARK: Committing

    /// What is to be committed next; nil when all is done.
    func batch() async throws -> [Staged]? {
        while staged.isEmpty {
            try Task.checkCancellation()
            if intake.isOver, folders.isEmpty { return nil }
            await wait(for: .batch)
        }
        let batch = staged
        committing = batch.count
        staged = []
        return batch
    }

    /// `batch` is committed, with these verdicts, which come back.
    func settle(_ batch: [Staged], _ results: [EntryVerdict]) -> [EntryVerdict] {
        committing = 0
        for (entry, verdict) in zip(batch, results) {
            keep(entry.weight)
            judge(verdict)
            staged += folders.release(entry.holder)
        }
        sayKept(always: true)
        wakeAll()
        defer { verdicts = [] }
        return verdicts
    }

    // MARK: Speaking

    /// What is to be said next; nil after the summary.
    func speech() async throws -> [UInt8]? {
        while speeches.isEmpty {
            try Task.checkCancellation()
            if !records.isEmpty {
                endSpeech()
            } else if hasSummedUp {
                return nil
            } else {
                await wait(for: .speech)
            }
        }
        wake(.room)
        return speeches.removeFirst()
    }

    /// Everything is on disk: says so.
    func sumUp() -> TransferSummary {
        say(.summary(summary))
        hasSummedUp = true
        wake(.speech)
        return summary
    }

    /// The transfer is lost. Parts of large files stay; everything else that is half done goes away.
    func abandon() {
        writer = nil
        waiting = [:]
        staged = []
    }

    // MARK: Waiting

    private func wait(for topic: Topic) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiters[topic] = continuation }
            }
        } onCancel: {
            Task { await self.wakeAll(evenIdle: true) }
        }
    }

    private func wake(_ topic: Topic) { waiters.removeValue(forKey: topic)?.resume() }

    private func wakeAll(evenIdle: Bool = false) {
        if evenIdle || !records.isEmpty || !speeches.isEmpty { wake(.speech) }
        if evenIdle || !staged.isEmpty || intake.isOver { wake(.batch) }
        wake(.room)
    }
}

/// What a frame has brought.
struct Arrival: Sendable {
    var verdicts: [EntryVerdict]
    /// Bytes so far, with those of files that were there already.
    var movedBytes: Int
    var totalBytes: Int?
    var isOver: Bool
}
