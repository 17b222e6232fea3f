import Dispatch
import Glibc
import Synchronization

/// Writes whole lines to a descriptor, one after the other. Each writer waits for its own line, so what is
/// queued is bounded by the number of requests being served.
final class OutputLines: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "kith.mcp.output")
    private let isOpen = Mutex(true)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Writes `line` and a line feed; false once nobody reads any more.
    func write(_ line: [UInt8]) async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.put(line + [0x0A])) }
        }
    }

    private func put(_ bytes: [UInt8]) -> Bool {
        guard isOpen.withLock({ $0 }) else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if !recovers(errno) {
                isOpen.withLock { $0 = false }
                return false
            }
        }
        return true
    }

    private func recovers(_ reason: Int32) -> Bool {
        if reason == EINTR { return true }
        guard reason == EAGAIN else { return false }
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&wait, 1, -1) >= 0
    }
}
