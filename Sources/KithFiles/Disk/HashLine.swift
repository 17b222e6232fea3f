import Dispatch
import KithDigest
import Synchronization

/// Hashes the pieces of a stream in their order on a thread of its own, while whoever brings them reads or writes the next.
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

    /// The 32 bytes of the hash, once everything is taken. Waits for that.
    func finish() -> [UInt8] { queue.sync { sha.withLock { $0.finish() } } }
}
