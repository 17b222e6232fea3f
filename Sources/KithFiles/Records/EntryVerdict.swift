import KithAPI
import KithDigest

/// What became of one entry, in the bytes of the disk; ``TransferOutcome`` is the same for people and programs.
struct EntryVerdict: Equatable, Sendable {
    var path: [UInt8]
    var state: TransferOutcome.State
    var size = 0
    /// The hash of a file; empty for what has none.
    var digest: [UInt8] = []
    var error: KithError?

    init(_ path: [UInt8], _ state: TransferOutcome.State, size: Int = 0, digest: [UInt8] = []) {
        self.path = path
        self.state = state
        self.size = size
        self.digest = digest
    }

    init(_ path: [UInt8], failed error: KithError) {
        self.init(path, .failed)
        self.error = error
    }

    var outcome: TransferOutcome {
        let path = String(decoding: path, as: UTF8.self)
        if let error { return TransferOutcome(path: path, error: error) }
        var outcome = TransferOutcome(path: path, state: state, size: size)
        guard !digest.isEmpty else { return outcome }
        if size > Packer.smallSize {
            outcome.treeHash = digest.hexadecimal
        } else {
            outcome.sha256 = digest.hexadecimal
        }
        return outcome
    }
}

extension EntryVerdict {
    func write(to record: inout RecordWriter) {
        record.put(byte: Self.codes.firstIndex(of: state).map { UInt8($0) } ?? .max)
        record.put(path)
        record.put(size)
        record.put(digest)
        if state == .failed { record.put(error ?? KithError(.internalError, "The receiver did not say why.")) }
    }

    init(from record: inout RecordReader) throws(KithError) {
        let code = Int(try record.byte())
        guard Self.codes.indices.contains(code) else { throw RecordReader.violation }
        state = Self.codes[code]
        path = try record.blob()
        size = try record.count()
        digest = try record.blob()
        if state == .failed { error = try record.error() }
    }

    private static let codes: [TransferOutcome.State] = [.placed, .unchanged, .pending, .failed, .replacing]
}

extension TransferSummary {
    /// Counts one more entry.
    mutating func count(_ verdict: EntryVerdict) {
        switch verdict.state {
        case .placed, .pending, .replacing:
            entries += 1
            bytes = bytes.adding(bytes: verdict.size)
        case .unchanged: unchanged += 1
        case .failed: failures += 1
        }
    }
}
