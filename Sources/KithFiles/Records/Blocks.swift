/// The blocks of a file, whose hashes show which of them are good in a part.
enum Blocks {
    /// The most blocks of one file.
    static let maximumCount = 1 << 16
    /// The most hashes in one record.
    static let hashesPerRecord = 8_192

    /// Bytes of a block: 1 MiB, and for a file beyond 64 GiB as much more as it takes.
    static func size(ofFile size: Int) -> Int {
        var block = 1 << 20
        while size / block >= maximumCount { block <<= 1 }
        return block
    }

    /// The ranges of the first `length` bytes, a block each; the last may be short.
    static func ranges(of length: Int, blockSize: Int) -> [Range<Int>] {
        stride(from: 0, to: length, by: blockSize).map { $0..<min($0 + blockSize, length) }
    }
}
