import CLinux
import Glibc
import KithAPI
import KithDigest

/// Reads what is wanted of one large file, piece by piece: first blocks that are damaged over there, then
/// everything from an offset on. The whole is hashed on the way.
struct ContentReader {
    /// How much is read and sent at once: it still fits the processor's cache when it is hashed.
    static let pieceSize = 512 << 10

    /// What comes next.
    enum Piece {
        case data([UInt8])
        case hole(Int)
        case finish(digest: [UInt8])
    }

    private let origin: Origin
    private let descriptor: Descriptor
    private let hashed: TreeHash
    /// Wanted again; already hashed.
    private var damaged: [Range<Int>]
    private var place: Int
    private let isSparse: Bool

    /// Opens `origin`.
    ///
    /// - Parameter start: what was read before, to compare it: from its end on, everything is wanted.
    init(_ origin: Origin, after start: PrefixReader?, blocks: [Int]) throws(KithError) {
        self.origin = origin
        descriptor = try origin.open()
        hashed = start?.hashed ?? TreeHash()
        place = start?.length ?? 0
        let size = Blocks.size(ofFile: origin.status.size)
        let limit = place
        damaged = blocks.reversed().map { block in
            let first = min(block.multipliedReportingOverflow(by: size).partialValue, limit)
            return max(0, first)..<min(limit, max(0, first) + size)
        }
        isSparse = origin.status.storedBytes < origin.status.size
    }

    /// The next piece; `finish` is the last.
    ///
    /// - Throws: what cannot be read, or `conflict` if the file changed meanwhile.
    mutating func next() throws(KithError) -> Piece {
        if let piece = try nextDamaged() { return .data(piece) }
        guard place < origin.status.size else {
            try origin.requireUnchanged(descriptor)
            return .finish(digest: hashed.finish())
        }
        if isSparse, let hole = hole() { return skip(hole) }
        let bytes = try origin.read(place..<dataEnd(), of: descriptor)
        hashed.update(bytes)
        place += bytes.count
        return .data(bytes)
    }

    private mutating func nextDamaged() throws(KithError) -> [UInt8]? {
        guard let range = damaged.popLast(), !range.isEmpty else { return nil }
        let piece = range.prefix(Self.pieceSize)
        let rest = piece.endIndex..<range.upperBound
        if !rest.isEmpty { damaged.append(rest) }
        return try origin.read(piece.startIndex..<piece.endIndex, of: descriptor)
    }

    private mutating func skip(_ count: Int) -> Piece {
        hashed.update(zeros: count)
        place += count
        return .hole(count)
    }

    /// How many zeros the disk does not even store from here on; nil where there are data.
    private func hole() -> Int? {
        let data = lseek(descriptor.raw, place, kith_seek_data)
        if data < 0, errno == ENXIO { return min(origin.status.size - place, ByteCount.longestHole) }
        guard data > place else { return nil }
        return min(min(data, origin.status.size) - place, ByteCount.longestHole)
    }

    /// Wherever a piece begins, after a part or a hole, it ends where leaves of the tree hash end.
    private func dataEnd() -> Int {
        let end = min((place / Self.pieceSize + 1) * Self.pieceSize, origin.status.size)
        guard isSparse else { return end }
        let hole = lseek(descriptor.raw, place, kith_seek_hole)
        return hole > place ? min(hole, end) : end
    }
}
