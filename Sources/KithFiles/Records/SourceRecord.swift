import KithAPI

/// What the sending side of a transfer says, between the `data` frames with the content of large files.
///
/// Files have numbers: the first one announced is 0.
enum SourceRecord: Equatable {
    /// Something is there; a file gets the next number.
    case entry(EntryHeader)
    /// Something cannot be sent.
    case unreadable(path: [UInt8], KithError)
    /// The hash of a whole file, as it was asked for.
    case proof(Int, digest: [UInt8])
    /// Tree hashes of the blocks that were asked for, 32 bytes each; more may follow.
    case blocks(Int, hashes: [UInt8], isLast: Bool)
    /// A whole file, with its SHA-256.
    case small(Int, digest: [UInt8], content: [UInt8])
    /// What was wanted of this file follows: `data` frames and holes, then `finish` or `lost`.
    case begin(Int)
    /// So many zeros, ``ByteCount/longestHole`` at most.
    case hole(Int)
    /// The file that was begun is over; the hash of the whole.
    case finish(digest: [UInt8])
    /// The file could not be read, or changed meanwhile.
    case lost(Int, KithError)
    /// Bytes in all.
    case total(Int)
    /// Nothing more comes.
    case over
}

extension SourceRecord {
    func write(to record: inout RecordWriter) {
        record.put(byte: code)
        switch self {
        case .entry(let header): header.write(to: &record)
        case .unreadable(let path, let error):
            record.put(path)
            record.put(error)
        case .proof(let file, let digest):
            record.put(file)
            record.put(raw: digest)
        case .blocks(let file, let hashes, let isLast):
            record.put(file)
            record.put(byte: isLast ? 1 : 0)
            record.put(hashes)
        case .small(let file, let digest, let content):
            record.put(file)
            record.put(raw: digest)
            record.put(content)
        case .begin(let number), .hole(let number), .total(let number): record.put(number)
        case .finish(let digest): record.put(raw: digest)
        case .lost(let file, let error):
            record.put(file)
            record.put(error)
        case .over: break
        }
    }

    private var code: UInt8 {
        switch self {
        case .entry: 1
        case .unreadable: 2
        case .proof: 3
        case .blocks: 4
        case .small: 5
        case .begin: 6
        case .hole: 7
        case .finish: 8
        case .lost: 9
        case .total: 10
        case .over: 11
        }
    }

    /// Reads the next record.
    ///
    /// - Throws: ``KithError`` `protocol` if it is none.
    init(from record: inout RecordReader) throws(KithError) {
        switch try record.byte() {
        case 1: self = .entry(try EntryHeader(from: &record))
        case 2: self = .unreadable(path: try record.blob(), try record.error())
        case 3: self = .proof(try record.count(), digest: try record.digest())
        case 4:
            let (file, isLast) = (try record.count(), try record.byte() == 1)
            self = .blocks(file, hashes: try record.blob(), isLast: isLast)
        case 5: self = .small(try record.count(), digest: try record.digest(), content: try record.blob())
        case 6: self = .begin(try record.count())
        case 7:
            let count = try record.count()
            guard count <= ByteCount.longestHole else { throw RecordReader.violation }
            self = .hole(count)
        case 8: self = .finish(digest: try record.digest())
        case 9: self = .lost(try record.count(), try record.error())
        case 10: self = .total(try record.count())
        case 11: self = .over
        default: throw RecordReader.violation
        }
    }
}
