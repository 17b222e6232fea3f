import Glibc
import KithAPI

/// Bytes that were read and are not yet frames; grows up to what a fast keeper sends at once.
///
/// Each read has an array of its own, so that whole frames can be handed on without another copy.
struct IncomingFrames: Sendable {
    private static let smallest = 4 << 10
    private static let largest = 256 << 10

    enum Filled: Sendable { case bytes, nothing, end }

    private var bytes: [UInt8] = []
    private var start = 0
    private var room = smallest

    /// Reads what is there, as far as it fits.
    mutating func fill(from descriptor: Int32) -> Filled {
        let rest = bytes[start...]
        let space = max(room, missing)
        var (count, reason) = (0, Int32(0))
        let filled = [UInt8](unsafeUninitializedCapacity: rest.count + space) { buffer, initialized in
            _ = buffer.update(fromContentsOf: rest)
            repeat {
                count = recv(descriptor, buffer.baseAddress.map { $0 + rest.count }, space, 0)
                reason = errno
            } while count < 0 && reason == EINTR
            initialized = rest.count + max(0, count)
        }
        if count < 0, reason == EAGAIN { return .nothing }
        guard count > 0 else { return .end }
        (bytes, start) = (filled, 0)
        if count == space { room = min(Self.largest, room * 4) }
        return .bytes
    }

    /// The next whole frame.
    ///
    /// - Throws: ``KithError`` `protocol`.
    mutating func next() throws(KithError) -> Frame? {
        guard let size = try frameSize(at: start) else { return nil }
        let payload = bytes.withUnsafeBytes { Array($0[(start + Frame.headerSize)..<(start + size)]) }
        guard let kind = Frame.Kind(rawValue: bytes[start]) else { throw Self.noFrame }
        drop(size)
        return Frame(kind, payload)
    }

    /// The whole frames of output that stand next, as they travel, and how many bytes of output they hold; nil where
    /// something else does, or nothing yet.
    ///
    /// - Throws: ``KithError`` `protocol`.
    mutating func nextOutput() throws(KithError) -> (frames: [UInt8], payload: Int)? {
        var (end, payload) = (start, 0)
        while let size = try frameSize(at: end), Frame.Kind(rawValue: bytes[end]).flatMap(Output.Stream.init) != nil {
            end += size
            payload += size - Frame.headerSize
        }
        guard end > start else { return nil }
        return (take(upTo: end), payload)
    }

    /// The bytes from `start` to `end`. Where they are most of what there is, the rest is copied and not they.
    private mutating func take(upTo end: Int) -> [UInt8] {
        guard start == 0, end > bytes.count / 2 else {
            let taken = Array(bytes[start..<end])
            drop(taken.count)
            return taken
        }
        var taken = Array(bytes[end...])
        swap(&taken, &bytes)
        taken.removeLast(taken.count - end)
        return taken
    }

    private mutating func drop(_ count: Int) {
        start += count
        if start == bytes.count { (bytes, start) = ([], 0) }
    }

    private static let limit = Frame.headerSize + Frame.maximumPayload
    private static let noFrame = KithError(.protocolViolation, "The keeper sent what is no frame.")

    /// The size of the frame at `offset`, its header included; nil if it is not whole.
    private func frameSize(at offset: Int) throws(KithError) -> Int? {
        guard bytes.count - offset >= Frame.headerSize else { return nil }
        let size = sizeSaid(at: offset)
        guard Frame.Kind(rawValue: bytes[offset]) != nil, size <= Self.limit else { throw Self.noFrame }
        return bytes.count - offset >= size ? size : nil
    }

    /// What the header at `offset` says.
    private func sizeSaid(at offset: Int) -> Int {
        Frame.headerSize + bytes[(offset + 1)..<(offset + Frame.headerSize)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// How much at least is to come of the frame that has begun.
    private var missing: Int {
        let rest = bytes.count - start
        return rest >= Frame.headerSize ? min(sizeSaid(at: start), Self.limit) - rest : 0
    }
}
