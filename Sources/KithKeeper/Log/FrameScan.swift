import Glibc
import KithAPI

/// Goes through the frames of a segment; stops at the first that is none, or not whole.
struct FrameScan {
    private static let window = 64 << 10

    private let file: Int32
    private let size: Int
    private var window: [UInt8] = []
    private var windowStart = 0
    /// Where the next frame begins.
    private(set) var offset = 0

    init(file: Int32, size: Int) {
        self.file = file
        self.size = size
    }

    mutating func next() -> (kind: Frame.Kind, offset: Int, length: Int)? {
        guard let header = header(), let kind = Frame.Kind(rawValue: header[0]), Output.Stream(kind) != nil else {
            return nil
        }
        let length = header.dropFirst().reduce(0) { $0 << 8 | Int($1) }
        guard (1...WireBuffer.pieceSize).contains(length), offset + Frame.headerSize + length <= size else {
            return nil
        }
        defer { offset += Frame.headerSize + length }
        return (kind, offset, length)
    }

    private mutating func header() -> [UInt8]? {
        guard offset + Frame.headerSize <= size else { return nil }
        if offset < windowStart || offset + Frame.headerSize > windowStart + window.count {
            guard fill() else { return nil }
        }
        let first = offset - windowStart
        return Array(window[first..<(first + Frame.headerSize)])
    }

    private mutating func fill() -> Bool {
        var bytes = [UInt8](repeating: 0, count: min(Self.window, size - offset))
        let count = pread(file, &bytes, bytes.count, off_t(offset))
        guard count >= Frame.headerSize else { return false }
        (window, windowStart) = (Array(bytes.prefix(count)), offset)
        return true
    }
}
