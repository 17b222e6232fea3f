import Glibc
import KithClient
import Synchronization

/// Standard input, read only when somebody asks: in pieces of bytes, or by line. One reader at a time.
///
/// A cancelled reader gets nil at once; what arrives later waits for the next one.
final class StandardInput: Sendable {
    /// The most bytes of one piece.
    static let pieceSize = 64 << 10
    /// The most bytes of one line; the rest of a longer one is the next line.
    static let lineSize = 64 << 10

    fileprivate struct State {
        var buffer: [UInt8] = []
        var hasEnded = false
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// The input behind `descriptor`, which stays open.
    init(descriptor: Int32 = Descriptor.standardInput.rawValue) { self.descriptor = descriptor }

    /// The next piece of input; nil at its end, or when the task was cancelled.
    func piece() async -> [UInt8]? {
        while !Task.isCancelled {
            let (found, hasEnded) = state.withLock { state in
                defer { state.buffer = [] }
                return (state.buffer, state.hasEnded)
            }
            if !found.isEmpty { return found }
            if hasEnded { return nil }
            await arrival()
        }
        return nil
    }

    /// The next line without its end; nil when input is over, or when the task was cancelled.
    func line() async -> String? {
        while !Task.isCancelled {
            let (found, hasEnded) = state.withLock { ($0.takeLine(), $0.hasEnded) }
            if let found { return String(decoding: found, as: UTF8.self) }
            if hasEnded { return nil }
            await arrival()
        }
        return nil
    }

    /// Reads when there is something to read, the input is over, or not at all if the task was cancelled.
    private func arrival() async {
        await Poller.shared.readable(descriptor)
        guard !Task.isCancelled else { return }
        var (count, reason) = (0, Int32(0))
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, initialized in
            count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            reason = errno
            initialized = max(0, count)
        }
        guard count >= 0 || (reason != EINTR && reason != EAGAIN) else { return }
        state.withLock { state in
            if count > 0 { state.buffer += bytes } else { state.hasEnded = true }
        }
    }
}

extension StandardInput.State {
    fileprivate mutating func takeLine() -> [UInt8]? {
        guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")) else {
            guard buffer.count >= StandardInput.lineSize || (hasEnded && !buffer.isEmpty) else { return nil }
            defer { buffer = [] }
            return buffer
        }
        defer { buffer.removeSubrange(...end) }
        let line = buffer[..<end]
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
}
