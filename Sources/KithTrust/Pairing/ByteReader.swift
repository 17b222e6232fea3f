/// Takes fields off the front of a message; every step is checked against the end.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() -> UInt8? { take(1)?.first }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= bytes.count - position else { return nil }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// A length of four bytes and what it announces, if that is at most `limit` bytes.
    mutating func prefixed(limit: Int) -> [UInt8]? {
        guard let length = take(4) else { return nil }
        let count = length.reduce(0) { $0 << 8 | Int($1) }
        return count <= limit ? take(count) : nil
    }

    /// What has been taken since `start`.
    func taken(from start: Int) -> [UInt8] { Array(bytes[start..<position]) }
}
