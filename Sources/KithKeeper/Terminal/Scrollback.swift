/// The lines that left a screen at its top, the oldest first, as the bytes that draw them: a line of 80 plain
/// letters takes about 130 bytes. Pure.
struct Scrollback: Sendable {
    /// Lines kept.
    static let lineLimit = 2000
    /// Bytes kept, however colourful the lines are.
    static let byteLimit = 1 << 20
    /// What a line costs besides its bytes.
    private static let lineCost = 48

    private var ring: [[UInt8]] = []
    private var first = 0
    private var cost = 0

    /// How many lines there are.
    private(set) var count = 0

    /// The lines, the oldest first.
    var lines: some Sequence<[UInt8]> {
        (0..<count).lazy.map { ring[(first + $0) % ring.count] }
    }

    mutating func append(_ line: [UInt8]) {
        cost += line.count + Self.lineCost
        if count == ring.count { grow() }
        if count == Self.lineLimit { dropFirst() }
        ring[(first + count) % ring.count] = line
        count += 1
        while cost > Self.byteLimit, count > 1 { dropFirst() }
    }

    mutating func removeAll() { self = Scrollback() }

    private mutating func dropFirst() {
        cost -= ring[first].count + Self.lineCost
        ring[first] = []
        first = (first + 1) % ring.count
        count -= 1
    }

    /// Doubles the ring, up to the limit.
    private mutating func grow() {
        guard ring.count < Self.lineLimit else { return }
        let lines = Array(lines)
        let size = min(Self.lineLimit, max(64, ring.count * 2))
        ring = lines + Array(repeating: [], count: size - lines.count)
        first = 0
    }
}
