import KithAPI

/// What the receiving side of a transfer says.
enum SinkRecord: Equatable {
    /// The content of this file, please: these blocks, in order, and everything from an offset on.
    case want(Int, blocks: [Int], from: Int)
    /// The hash of this file, please: one of its size and time is here.
    case askProof(Int)
    /// The hashes of the blocks of this file's first bytes, please: so much of it is here.
    case askBlocks(Int, length: Int)
    /// No content of this file is needed.
    case drop(Int, isUnchanged: Bool)
    /// So many bytes of content, counted from the start of the transfer, need never be sent again.
    case kept(Int)
    /// What became of an entry.
    case verdict(EntryVerdict)
    /// All is over.
    case summary(TransferSummary)
}

extension SinkRecord {
    func write(to record: inout RecordWriter) {
        record.put(byte: code)
        switch self {
        case .want(let file, let blocks, let offset):
            record.put(file)
            record.put(offset)
            record.put(blocks.count)
            for block in blocks { record.put(block) }
        case .askProof(let file): record.put(file)
        case .askBlocks(let file, let length):
            record.put(file)
            record.put(length)
        case .drop(let file, let isUnchanged):
            record.put(file)
            record.put(byte: isUnchanged ? 1 : 0)
        case .kept(let count): record.put(count)
        case .verdict(let verdict): verdict.write(to: &record)
        case .summary(let summary):
            for number in [summary.entries, summary.bytes, summary.sentBytes, summary.unchanged, summary.failures] {
                record.put(number)
            }
        }
    }

    private var code: UInt8 {
        switch self {
        case .want: 1
        case .askProof: 2
        case .askBlocks: 3
        case .drop: 4
        case .kept: 5
        case .verdict: 6
        case .summary: 7
        }
    }

    /// Reads the next record.
    ///
    /// - Throws: ``KithError`` `protocol` if it is none.
    init(from record: inout RecordReader) throws(KithError) {
        switch try record.byte() {
        case 1:
            let (file, offset, count) = (try record.count(), try record.count(), try record.count())
            guard count <= Blocks.maximumCount else { throw RecordReader.violation }
            var blocks: [Int] = []
            for _ in 0..<count { blocks.append(try record.count()) }
            self = .want(file, blocks: blocks, from: offset)
        case 2: self = .askProof(try record.count())
        case 3: self = .askBlocks(try record.count(), length: try record.count())
        case 4: self = .drop(try record.count(), isUnchanged: try record.byte() == 1)
        case 5: self = .kept(try record.count())
        case 6: self = .verdict(try EntryVerdict(from: &record))
        case 7:
            self = .summary(
                TransferSummary(
                    entries: try record.count(), bytes: try record.count(), sentBytes: try record.count(),
                    unchanged: try record.count(), failures: try record.count()))
        default: throw RecordReader.violation
        }
    }
}
