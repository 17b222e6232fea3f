import Glibc
import Synchronization

/// How many descriptors this process may have, and how many its commands may, which are used to less: a program that
/// calls `select` breaks above 1,024.
public enum OpenFiles {
    private static let known = Mutex(0)

    /// The soft limit that commands get; 0 while ours is what it was.
    static var usual: Int { known.withLock { $0 } }

    /// Raises our soft limit to the hard one, at most 1,048,576. For the start of a program.
    public static func raise() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        let before = Int(clamping: limit.rlim_cur)
        limit.rlim_cur = min(limit.rlim_max, 1 << 20)
        guard limit.rlim_cur > before, setrlimit(resource, &limit) == 0 else { return }
        known.withLock { if $0 == 0 { $0 = before } }
    }
}
