/// What a process wrote and nobody has taken yet, both streams in their order of arrival. Pure.
struct OutputBuffer: Sendable {
    /// Pieces of one stream that follow each other are joined up to this many bytes.
    static let pieceLimit = 64 << 10
    /// What a piece costs besides its bytes, so that a million tiny pieces fill the buffer too.
    private static let pieceCost = 64

    private let limit: Int
    private var pieces: [Output] = []
    private var first = 0
    private var costs: [Output.Stream: Int] = [:]

    /// A buffer that is full at `limit` bytes of a stream.
    init(limit: Int) { self.limit = limit }

    /// Whether no more of `stream` should be read.
    func isFull(_ stream: Output.Stream) -> Bool { cost(stream) >= limit }

    /// Whether there is room enough in `stream` to make reading worth while.
    func hasRoom(_ stream: Output.Stream) -> Bool { cost(stream) <= limit / 2 }

    mutating func append(_ bytes: UnsafeRawBufferPointer, to stream: Output.Stream) {
        if let last = pieces.indices.last, last >= first, pieces[last].stream == stream,
            pieces[last].bytes.count + bytes.count <= Self.pieceLimit
        {
            pieces[last].bytes.append(contentsOf: bytes)
            costs[stream, default: 0] += bytes.count
            return
        }
        pieces.append(Output(stream: stream, bytes: Array(bytes)))
        costs[stream, default: 0] += bytes.count + Self.pieceCost
    }

    /// The oldest piece; nil if there is none.
    mutating func take() -> Output? {
        guard first < pieces.count else { return nil }
        let piece = pieces[first]
        pieces[first].bytes = []
        first += 1
        if first * 2 >= pieces.count {
            pieces.removeFirst(first)
            first = 0
        }
        costs[piece.stream, default: 0] -= piece.bytes.count + Self.pieceCost
        return piece
    }

    private func cost(_ stream: Output.Stream) -> Int { costs[stream] ?? 0 }
}
