import KithAPI
import KithDigest

/// Reads the first bytes of a file, of which the other side has a part, and hashes them twice: block by block, and
/// as the beginning of the whole.
struct PrefixReader {
    let length: Int
    let hashed = TreeHash()
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
        for piece in Self.pieces(of: range) { hashed.update(try origin.read(piece, of: descriptor)) }
    }

    private func hash(_ range: Range<Int>) throws(KithError) -> [UInt8] {
        let block = TreeHash()
        for piece in Self.pieces(of: range) {
            let bytes = try origin.read(piece, of: descriptor)
            hashed.update(bytes)
            block.update(bytes)
        }
        return block.finish()
    }

    private static func pieces(of range: Range<Int>) -> some Sequence<Range<Int>> {
        stride(from: range.lowerBound, to: range.upperBound, by: ContentReader.pieceSize).lazy.map {
            $0..<min($0 + ContentReader.pieceSize, range.upperBound)
        }
    }
}
