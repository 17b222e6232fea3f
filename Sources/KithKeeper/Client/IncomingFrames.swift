import Glibc
import KithAPI

/// Bytes that were read and are not yet frames; grows up to what a fast keeper sends at once.
struct IncomingFrames: Sendable {
    private static let smallest = 4 << 10
    private static let largest = 512 << 10

    enum Filled: Sendable { case bytes, nothing, end }

    private var bytes: [UInt8] = []
    private var start = 0
    private var end = 0

    /// Reads what is there, as far as it fits.
    mutating func fill(from descriptor: Int32) -> Filled {
        makeRoom()
        while true {
            let count = bytes.withUnsafeMutableBytes { room in
                recv(descriptor, room.baseAddress.map { $0 + end }, room.count - end, 0)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return .nothing }
            guard count > 0 else { return .end }
            end += count
            return .bytes
        }
    }

    /// The next whole frame.
    ///
    /// - Throws: ``KithError`` `protocol`.
    mutating func next() throws(KithError) -> Frame? {
        guard end - start >= Frame.headerSize else { return nil }
        guard let kind = Frame.Kind(rawValue: bytes[start]), frameSize <= Self.limit else {
            throw KithError(.protocolViolation, "The keeper sent what is no frame.")
        }
        guard end - start >= frameSize else { return nil }
        let size = frameSize
        let payload = bytes.withUnsafeBytes { Array($0[(start + Frame.headerSize)..<(start + size)]) }
        start += size
        if start == end { (start, end) = (0, 0) }
        return Frame(kind, payload)
    }

    private static let limit = Frame.headerSize + Frame.maximumPayload

    /// Of the frame that begins at `start`, whose header is there.
    private var frameSize: Int {
        Frame.headerSize + bytes[(start + 1)..<(start + Frame.headerSize)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// What is left moves to the front; where that leaves little, more is taken from the heap.
    private mutating func makeRoom() {
        if start > 0 {
            let (from, to) = (start, end)
            bytes.withUnsafeMutableBytes { room in
                guard let base = room.baseAddress else { return }
                memmove(base, base + from, to - from)
            }
            (start, end) = (0, to - from)
        }
        guard end == bytes.count || bytes.count < wanted else { return }
        let size = max(wanted, min(Self.largest, max(Self.smallest, bytes.count * 4)))
        if size > bytes.count { bytes += [UInt8](repeating: 0, count: size - bytes.count) }
    }

    private var wanted: Int { end - start >= Frame.headerSize ? min(frameSize, Self.limit) : Self.smallest }
}
