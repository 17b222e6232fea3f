import Dispatch
import Glibc
import KithAPI
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
        var isReading = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let descriptor: Int32
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "kith.input")

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

    /// Returns when something has arrived, the input is over, or the task was cancelled.
    private func arrival() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isFirst = state.withLock { state in
                    state.waiter = waiter
                    defer { state.isReading = true }
                    return !state.isReading
                }
                if isFirst { queue.async { self.read() } }
                if Task.isCancelled { wake() }
            }
        } onCancel: {
            wake()
        }
    }

    private func read() {
        var bytes = [UInt8](repeating: 0, count: Self.pieceSize)
        var count: Int
        repeat {
            count = Glibc.read(descriptor, &bytes, bytes.count)
        } while count < 0 && (errno == EINTR || awaitsInput())
        state.withLock { state in
            state.isReading = false
            if count > 0 { state.buffer += bytes.prefix(count) } else { state.hasEnded = true }
        }
        wake()
    }

    /// Waits for input on a descriptor that somebody made non-blocking.
    private func awaitsInput() -> Bool {
        guard errno == EAGAIN else { return false }
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, -1) >= 0
    }

    private func wake() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
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
