extension PeerName: Comparable {
    /// As people count: `build-2` before `build-10`, and a node before its workers.
    public static func < (one: PeerName, other: PeerName) -> Bool {
        let (left, right) = (one.pieces, other.pieces)
        for (first, second) in zip(left, right) where first != second { return first < second }
        return (left.count, one.text) < (right.count, other.text)
    }

    /// The runs of digits, by value, and what stands between them; a number goes before a word.
    private var pieces: [Piece] {
        var pieces: [Piece] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.first {
            let run = rest.prefix { Self.isDigit($0) == Self.isDigit(first) }
            rest = rest.dropFirst(run.count)
            let digits = run.drop { $0 == UInt8(ascii: "0") }
            pieces.append(
                Piece(
                    length: Self.isDigit(first) ? digits.count : .max, bytes: Array(Self.isDigit(first) ? digits : run))
            )
        }
        return pieces
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// A number with as many digits, or, with the greatest length, a word.
    private struct Piece: Comparable {
        let length: Int
        let bytes: [UInt8]

        static func < (one: Piece, other: Piece) -> Bool {
            guard one.length == other.length else { return one.length < other.length }
            return one.bytes.lexicographicallyPrecedes(other.bytes)
        }
    }
}
