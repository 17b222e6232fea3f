import Dispatch
public import FoundationEssentials
public import KithAPI
import Synchronization

/// Who did what, when, with which result: one JSON line each, chained by hashes, its end signed.
///
/// Records are numbered and written in the order in which they were appended. If one cannot be
/// written, ``append(_:)`` throws, and whoever guards commands, files or administration must
/// then refuse. What was written survives the daemon's death; the disk has it a second later at most. The file grows without a limit of ours; it is never rewritten.
public final class AuditLog: Sendable {
    private struct Waiting: Sendable {
        let entry: AuditEntry
        let answer: CheckedContinuation<AuditRecord, any Error>
    }

    /// What ``open(in:now:sign:isSigned:)`` found at the end of the log.
    public let report: OpenReport
    private let opening: AuditOpening
    private let bells = AuditBells()
    private let inbox = Mutex(WriteLine<Waiting>(WriteLimits()))
    private let ledger: Mutex<AuditLedger?>
    /// How much of the file readers may read; they never wait for a write.
    private let size: Atomic<Int>
    private let disk: AuditDisk
    private let writing = DispatchQueue(label: "kith.audit.write")
    private let reading = DispatchQueue(label: "kith.audit.read", attributes: .concurrent)

    /// Opens `audit.jsonl` in `folder`, and makes both where they are missing (0600 and 0700).
    ///
    /// A last line that a crash cut short, and lines at the end that are no records, are moved to
    /// `audit.jsonl.torn`, and a record `audit.recovered` says so; of the latter ``report`` tells, too. A log that lacks what its checkpoint names gets a record `audit.mismatch`, and
    /// ``verify()`` fails from then on. Blocks: for the start of the daemon, not for a task.
    /// - Parameters:
    ///   - now: the clock of the records.
    ///   - sign: signs checkpoints with the key of this node; may block.
    ///   - isSigned: whether the second value is this node's signature of the first, by a present or a past key.
    /// - Throws: `daemon.running` if another process has it open, errors of the disk, and whatever `sign` throws.
    public static func open(
        in folder: String, now: @escaping @Sendable () -> Date,
        sign: @escaping @Sendable ([UInt8]) throws -> [UInt8],
        isSigned: @escaping @Sendable ([UInt8], [UInt8]) -> Bool
    ) throws -> AuditLog {
        let seal = AuditSeal(sign: sign, isSigned: isSigned)
        return try AuditLog(AuditOpening(folder: try PrivateFolder(folder), seal: seal, now: now))
    }

    private init(_ opening: AuditOpening) throws {
        self.opening = opening
        let ledger = try opening.open()
        disk = try AuditDisk(opening.folder.file(AuditLedger.name))
        size = Atomic(ledger.size)
        report = ledger.report
        self.ledger = Mutex(ledger)
    }

    /// Writes one record, and returns when it is in the file: before the effect of what it announces. Being
    /// cancelled does not take a record back.
    /// - Throws: errors of the disk; `limited` when 10,000 wait; `unavailable` after ``close()``.
    public func append(_ entry: AuditEntry) async throws -> AuditRecord {
        if let record = try appendAtOnce(entry) { return record }
        return try await withCheckedThrowingContinuation { answer in
            let waiting = Waiting(entry: entry, answer: answer)
            if let refusal = enqueue(waiting) { answer.resume(throwing: refusal) }
        }
    }

    /// Checks every record from the first, and that the log still holds what was signed.
    ///
    /// `firstBadLine` is the first that was changed, moved or taken out. If the end is missing, or if nothing that is
    /// signed by this node vouches for it, it is the record `audit.mismatch` of the start that found so, or one past
    /// the last.
    public func verify() async throws -> VerifyAudit.Reply {
        try await read { try self.verifier().verify() }
    }

    /// The last records (50 unless told), then, if asked to follow, what comes until the log is closed.
    ///
    /// Each reader re-reads the file from its own place, so a slow one costs no memory and misses nothing.
    /// - Throws: `request.invalid` unless `last` is 0–10,000; `limited` for the 65th follower. The stream
    ///   throws `store.damaged` at a line that cannot be read.
    public func follow(_ request: FollowAudit) throws -> AsyncThrowingStream<AuditRecord, any Error> {
        guard (0...10_000).contains(request.last ?? 0) else {
            throw KithError(.requestInvalid, "`last` must be between 0 and 10000.", hint: "Leave it out for 50.")
        }
        let follower = AuditFollower(self, request, bell: request.follow == true ? try bells.hang() : nil)
        return AsyncThrowingStream { try await follower.next() }
    }

    /// Writes what waits and the last checkpoint, ends every follower, and gives the file up.
    public func close() async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            inbox.withLock { _ = $0.close() }
            writing.async {
                self.drain()
                done.resume(with: Result { try self.end() })
            }
        }
    }

    /// Writes on the caller's thread where nothing is in the way: some hundred bytes into the system's memory cost
    /// less than waking a thread for them. Nil if somebody writes or waits, or before a checkpoint, which takes long.
    private func appendAtOnce(_ entry: AuditEntry) throws -> AuditRecord? {
        guard inbox.withLock(\.isIdle) else { return nil }
        let record: AuditRecord?? = try ledger.withLockIfAvailable { ledger in
            guard ledger?.isCheckpointNear == false else { return nil }
            defer { size.store(ledger?.size ?? 0, ordering: .releasing) }
            return try ledger?.append([entry]).first
        }
        guard let record, let record else { return nil }
        disk.follow { [weak self] in self?.giveUp() }
        bells.ring()
        return record
    }

    /// The writer is woken outside the lock, which is the first thing that it takes.
    private func enqueue(_ waiting: Waiting) -> KithError? {
        switch inbox.withLock({ $0.admit(waiting, bytes: 0) }) {
        case .queued: return nil
        case .wakesWriter:
            writing.async { self.drain() }
            return nil
        case .full:
            return KithError(.limited, "Too many records wait for the audit log.", hint: "Try again in a second.")
        case .closed: return Self.closed
        }
    }

    private func drain() {
        while true {
            let batch = inbox.withLock { $0.nextBatch() }
            guard !batch.isEmpty else { return }
            let result = Result { try write(batch) }
            switch result {
            case .success(let records):
                for (waiting, record) in zip(batch, records) { waiting.answer.resume(returning: record) }
                bells.ring()
            case .failure(let error):
                for waiting in batch { waiting.answer.resume(throwing: error) }
            }
        }
    }

    private func write(_ batch: [Waiting]) throws -> [AuditRecord] {
        defer { disk.follow { [weak self] in self?.giveUp() } }
        return try ledger.withLock { ledger in
            defer { size.store(ledger?.size ?? 0, ordering: .releasing) }
            guard let records = try ledger?.append(batch.map(\.entry)) else { throw Self.closed }
            ledger?.checkpointIfDue()
            return records
        }
    }

    private func giveUp() {
        ledger.withLock { $0?.giveUp() }
    }

    private func end() throws {
        bells.finish()
        try ledger.withLock { ledger in
            defer { ledger = nil }
            try ledger?.checkpoint()
        }
    }

    private static var closed: KithError {
        KithError(.unavailable, "The audit log is closed.", hint: "Start the daemon again.")
    }
}

// MARK: - Reading

extension AuditLog {
    /// Where the last `last` records begin that `filter` lets through.
    func start(last: Int, _ filter: AuditFilter) async throws -> Int {
        try await read { try AuditPage.start(self.path, last: last, to: self.size.load(ordering: .acquiring), filter) }
    }

    /// Some records from `start` on.
    func page(from start: Int, _ filter: AuditFilter) async throws -> AuditPage {
        try await read { try AuditPage(self.path, from: start, to: self.size.load(ordering: .acquiring), filter) }
    }

    private var path: String { opening.folder.file(AuditLedger.name) }

    private func verifier() throws -> AuditVerifier {
        let checkpoint = try AuditCheckpoint(in: opening.folder, opening.seal)
        return try ledger.withLock { ledger in
            guard let chain = ledger?.chain, let size = ledger?.size, let sizeOnDisk = try ledger?.sizeOnDisk() else {
                throw Self.closed
            }
            return AuditVerifier(
                folder: opening.folder, known: chain, size: size, sizeOnDisk: sizeOnDisk,
                checkpoint: checkpoint)
        }
    }

    /// Reads on a thread of our own; the ledger's lock, too, may be held as long as a write takes.
    private func read<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { done in
            reading.async { done.resume(with: Result { try body() }) }
        }
    }
}
