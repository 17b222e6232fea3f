import Dispatch
import Glibc
import Synchronization

/// Brings to the disk what the log has written, without anybody waiting for it: many records share one sync.
final class AuditDisk: Sendable {
    /// How long a record may be in the system's memory alone, where a power failure, but nothing less, takes it.
    static let delay = DispatchTimeInterval.milliseconds(500)

    private let file: Mutex<Descriptor>
    private let isDue = Mutex(false)
    private let queue = DispatchQueue(label: "kith.audit.disk", qos: .utility)

    /// For the log at `path`, which is there.
    init(_ path: String) throws { file = Mutex(try Descriptor(path, O_WRONLY)) }

    /// That the log has grown; `onFailure` is called if it cannot be saved.
    func follow(_ onFailure: @escaping @Sendable () -> Void) {
        let isFirst = isDue.withLock { isDue in
            defer { isDue = true }
            return !isDue
        }
        guard isFirst else { return }
        queue.asyncAfter(deadline: .now() + Self.delay) { self.save(onFailure) }
    }

    private func save(_ onFailure: () -> Void) {
        isDue.withLock { $0 = false }
        do { try file.withLock { try $0.synchronize() } } catch { onFailure() }
    }
}
