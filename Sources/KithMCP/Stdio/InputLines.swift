import Dispatch
import Glibc

/// Lines of a descriptor, each of a bounded length, read only when somebody asks. One reader.
final class InputLines {
    /// What comes next.
    enum Next: Equatable {
        case line([UInt8])
        /// A line of more than ``maximum`` bytes; it was thrown away.
        case tooLong
        case end
    }

    /// The most bytes of one message: a value of 1 MiB, escaped, and what surrounds it.
    static let maximum = 4 << 20
    private static let pieceSize = 64 << 10

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "kith.mcp.input")
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var isDiscarding = false

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next line that is not empty. What stands after the last line feed at the end is not a message.
    func next() async -> Next {
        while true {
            while let line = cut() {
                if isDiscarding {
                    isDiscarding = false
                    return .tooLong
                }
                if !line.isEmpty { return .line(line) }
            }
            if buffer.count - start > Self.maximum {
                isDiscarding = true
                (buffer, start, searched) = ([], 0, 0)
            }
            guard let piece = await read() else { return isDiscarding ? .tooLong : .end }
            push(piece)
        }
    }

    private func cut() -> [UInt8]? {
        guard let end = buffer[searched...].firstIndex(of: 0x0A) else {
            searched = buffer.count
            return nil
        }
        defer { (start, searched) = (end + 1, end + 1) }
        let line = buffer[start..<end]
        return Array(line.last == 0x0D ? line.dropLast() : line)
    }

    private func push(_ piece: [UInt8]) {
        if start > 0 {
            buffer.removeSubrange(0..<start)
            searched -= start
            start = 0
        }
        buffer += piece
    }

    private func read() async -> [UInt8]? {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Self.read(descriptor)) }
        }
    }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            if count > 0 { return Array(bytes.prefix(count)) }
            guard count < 0, errno == EINTR || waits(descriptor) else { return nil }
        }
    }

    /// Waits for input on a descriptor that somebody made non-blocking.
    private static func waits(_ descriptor: Int32) -> Bool {
        guard errno == EAGAIN else { return false }
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, -1) >= 0
    }
}
