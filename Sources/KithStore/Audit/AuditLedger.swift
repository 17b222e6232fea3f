import FoundationEssentials
import KithAPI

/// The open log: the only place that appends to it. Every call blocks.
struct AuditLedger: ~Copyable {
    static let name = "audit.jsonl"
    /// Where goes what stood at its end and is no record.
    static let tornName = name + ".torn"
    /// After so many records the end is vouched for anew.
    static let checkpointInterval = 1_000

    private let folder: PrivateFolder
    private let seal: AuditSeal
    private let now: @Sendable () -> Date
    private let file: Descriptor
    /// Where the chain stands.
    private(set) var chain: AuditChain
    /// How many bytes of the file are ours.
    private(set) var size: Int
    private var checkpointed = 0
    private let mayVouch: Bool
    /// Whether the log was sound, or where its end was put that was none of ours.
    let report: OpenReport
    private var failure: KithError?

    /// Takes over an inspected file, and says in the log itself what was found.
    init(_ file: consuming Descriptor, _ found: AuditInspection, _ opening: AuditOpening) throws {
        self.file = file
        folder = opening.folder
        seal = opening.seal
        now = opening.now
        chain = found.chain
        size = found.end
        mayVouch = found.isVouched
        report = found.endsInGarbage ? .setAside(opening.folder.file(Self.tornName)) : .sound
        if !found.notices.isEmpty { _ = try append(found.notices) }
        try checkpoint()
    }

    /// Appends all of `entries` to the file, or none; the disk follows with ``AuditDisk`` or the next checkpoint.
    ///
    /// What cannot be written is undone. Where even that fails, and after a failed sync (the system may
    /// have dropped what we wrote), nothing is taken any more, so that callers stay closed.
    mutating func append(_ entries: [AuditEntry]) throws -> [AuditRecord] {
        if let failure { throw failure }
        var next = chain
        var bytes: [UInt8] = []
        let records = entries.map { entry in
            let sealed = next.seal(entry, at: Self.text(now()))
            bytes += sealed.line + [UInt8(ascii: "\n")]
            return sealed.record
        }
        try write(bytes)
        chain = next
        size += bytes.count
        return records
    }

    /// Whether the end is to be vouched for anew after the next record.
    var isCheckpointNear: Bool { chain.number + 1 - checkpointed >= Self.checkpointInterval }

    /// Signs where the chain stands; the log is on the disk before the signature is.
    ///
    /// A log that does not hold what was once signed gets no new checkpoint: the old one goes on saying so.
    mutating func checkpoint() throws {
        guard mayVouch, failure == nil else { return }
        try synchronize()
        try AuditCheckpoint(chain, seal).save(in: folder)
        checkpointed = chain.number
    }

    /// That a sync has failed: nothing is taken any more.
    mutating func giveUp() { failure = Self.broken }

    /// How many bytes the file really has.
    func sizeOnDisk() throws -> Int { try file.size() }

    private mutating func write(_ bytes: [UInt8]) throws {
        do {
            try file.write(bytes)
        } catch {
            do { try file.truncate(to: size) } catch { failure = Self.broken }
            throw error
        }
    }

    private mutating func synchronize() throws {
        do {
            try file.synchronize()
        } catch {
            failure = Self.broken
            throw error
        }
    }

    /// Vouches for the end, if that is due. One that fails is due again with the next record; the records themselves
    /// are written.
    mutating func checkpointIfDue() {
        if chain.number - checkpointed >= Self.checkpointInterval { try? checkpoint() }
    }

    private static var broken: KithError {
        KithError(.fileIO, "The audit log can no longer be written.", hint: "Check the disk, then restart the daemon.")
    }

    private static func text(_ date: Date) -> String {
        Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(date)
    }
}
