/// Reads a file line by line with flat memory, whatever is in it.
struct LineScanner: ~Copyable {
    /// A line of the file.
    struct Line: Equatable {
        /// Where it begins.
        var offset: Int
        /// Its bytes without the newline, at most ``LineScanner/maximumBytes`` of them.
        var bytes: [UInt8]
        /// Where the next line begins.
        var end: Int
        /// Whether it ended with a newline; only the last line of a file may not.
        var isEnded: Bool

        /// Whether it ended, and all of it is in `bytes`.
        var isWhole: Bool { isEnded && end - offset - 1 == bytes.count }
    }

    /// What is kept of one line; ours are far shorter.
    static let maximumBytes = 1 << 20
    private static let chunk = 256 << 10

    private let file: Descriptor
    private let end: Int
    private var buffer: ArraySlice<UInt8> = []
    private var position: Int
    private var readUpTo: Int

    /// Reads from `offset` up to `end`, which must be where lines begin.
    init(_ file: consuming Descriptor, from offset: Int, to end: Int) {
        self.file = file
        self.end = end
        position = offset
        readUpTo = offset
    }

    /// The next line; nil at the end.
    mutating func next() throws -> Line? {
        var line = Line(offset: position, bytes: [], end: position, isEnded: false)
        while try !line.isEnded && fill() { extend(&line) }
        position = line.end
        return line.end > line.offset ? line : nil
    }

    /// Moves what is buffered, up to a newline, into the line.
    private mutating func extend(_ line: inout Line) {
        let part = buffer.prefix { $0 != UInt8(ascii: "\n") }
        line.bytes += part.prefix(Self.maximumBytes - line.bytes.count)
        line.isEnded = part.endIndex < buffer.endIndex
        line.end += part.count + (line.isEnded ? 1 : 0)
        buffer = buffer.dropFirst(part.count + 1)
    }

    /// Makes sure that something is buffered; false at the end.
    private mutating func fill() throws -> Bool {
        guard buffer.isEmpty else { return true }
        guard readUpTo < end else { return false }
        buffer = try file.read(min(Self.chunk, end - readUpTo), at: readUpTo)[...]
        readUpTo += buffer.count
        return !buffer.isEmpty
    }
}
