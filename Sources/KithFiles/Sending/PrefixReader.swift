import KithAPI
import KithDigest

/// Reads the first bytes of a file, of which the other side has a part, and hashes them twice: block by block, and
/// as the beginning of the whole.
struct PrefixReader {
    let length: Int
    let hashed = HashLine()
    private let origin: Origin
    private let descriptor: Descriptor
    private var ranges: ArraySlice<Range<Int>>

    /// Opens `origin`; `length` is cut to its size.
    init(_ origin: Origin, length: Int) throws(KithError) {
        self.origin = origin
        self.length = min(length, origin.status.size)
        descriptor = try origin.open()
        ranges = Blocks.ranges(of: self.length, blockSize: Blocks.size(ofFile: origin.status.size))[...]
    }

    /// Whether all blocks were read.
    var isDone: Bool { ranges.isEmpty }

    /// The hashes of the next blocks, one after the other: at most 16 MiB are read, or one block.
    mutating func next() throws(KithError) -> [UInt8] {
        var hashes: [UInt8] = []
        var weight = 0
        while weight < 16 << 20, let range = ranges.popFirst() {
            hashes += try hash(range)
            weight += range.count
        }
        return hashes
    }

    /// Reads the next block for the hash of the whole alone.
    mutating func skip() throws(KithError) {
        guard let range = ranges.popFirst() else { return }
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
            hashed.update(try origin.read(start..<min(start + 1 << 20, range.upperBound), of: descriptor))
        }
    }

    private func hash(_ range: Range<Int>) throws(KithError) -> [UInt8] {
        let block = SHA256()
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
            let bytes = try origin.read(start..<min(start + 1 << 20, range.upperBound), of: descriptor)
            hashed.update(bytes)
            block.update(bytes)
        }
        return block.finish()
    }
}
