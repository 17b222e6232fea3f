import Dispatch
import KithDigest
import Synchronization

/// Hashes pieces in their order on a thread of its own, while whoever brings them reads or writes the next.
///
/// At most four pieces wait; who brings a fifth waits. A reference type because it owns the hash.
final class HashLine: Sendable {
    private let queue = DispatchQueue(label: "kith.files.hash")
    private let sha = Mutex(SHA256())
    private let room = DispatchSemaphore(value: 4)

    /// Takes the next piece.
    func update(_ bytes: [UInt8]) {
        room.wait()
        queue.async {
            self.sha.withLock { $0.update(bytes) }
            self.room.signal()
        }
    }

    /// Takes `count` zeros.
    func update(zeros count: Int) {
        var left = count
        while left > 0 {
            update(left < Self.zeros.count ? Array(Self.zeros[..<left]) : Self.zeros)
            left -= Self.zeros.count
        }
    }

    private static let zeros = [UInt8](repeating: 0, count: 1 << 20)

    /// The 32 bytes of the hash, once everything is taken. Waits for that.
    func finish() -> [UInt8] { queue.sync { sha.withLock { $0.finish() } } }
}
