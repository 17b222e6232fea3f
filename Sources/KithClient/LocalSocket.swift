import Glibc
import KithAPI

/// A connected Unix socket whose other end is known to be ours.
struct LocalSocket {
    /// The descriptor; the holder closes it.
    let descriptor: Int32

    /// Connects to `path`, after checking that it is a socket of our own user (root may use anyone's).
    ///
    /// A daemon that is too busy to accept is tried again for five seconds.
    static func connect(to path: String) async throws -> LocalSocket {
        try checkOwner(of: path)
        for _ in 0..<250 {
            if let socket = try attempt(path) { return socket }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw KithError(.limited, "The daemon accepts no more connections.", hint: "Try again in a moment.")
    }

    /// The process at the other end; closes the connection.
    func processID() throws -> Int32 {
        defer { close(descriptor) }
        return try Self.credentials(of: descriptor).process
    }

    /// One attempt; nil where the daemon's queue is full.
    private static func attempt(_ path: String) throws(KithError) -> LocalSocket? {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw failure(errno, path) }
        guard open(descriptor, to: path) else {
            let reason = errno
            close(descriptor)
            guard reason == EAGAIN else { throw failure(reason, path) }
            return nil
        }
        let user = try? credentials(of: descriptor).user
        guard user == geteuid() || (user != nil && geteuid() == 0) else {
            close(descriptor)
            throw stranger(path)
        }
        return LocalSocket(descriptor: descriptor)
    }

    private static func checkOwner(of path: String) throws(KithError) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { throw failure(errno, path) }
        guard facts.st_mode & S_IFMT == S_IFSOCK else {
            throw KithError(.denied, "`\(path)` is not a socket.", hint: "Move it away, then `kith start`.")
        }
        guard facts.st_uid == geteuid() || geteuid() == 0 else { throw stranger(path) }
    }

    private static func credentials(of descriptor: Int32) throws(KithError) -> Credentials {
        var found = Credentials()
        var size = socklen_t(MemoryLayout<Credentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &found, &size) == 0 else {
            throw KithError(.internalError, "The kernel does not say who listens at the socket (error \(errno)).")
        }
        return found
    }

    /// `struct ucred`, which glibc shows to GNU sources only.
    private struct Credentials {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    private static func stranger(_ path: String) -> KithError {
        KithError(
            .denied, "The socket `\(path)` belongs to another user.",
            hint: "Run kith as the user who started the daemon, or set KITH_HOME to a folder of your own.")
    }

    private static func failure(_ reason: Int32, _ path: String) -> KithError {
        switch reason {
        case ENOENT, ECONNREFUSED, ENOTDIR:
            KithError(.daemonNotRunning, "The daemon is not running.", hint: "Start it with `kith start`.")
        case EACCES, EPERM:
            KithError(.denied, "The socket `\(path)` may not be opened by this user.", hint: "Run kith as its owner.")
        case ENAMETOOLONG:
            KithError(
                .configInvalid, "The path of the socket is too long: `\(path)`.",
                hint: "Set KITH_HOME to a shorter path.")
        default:
            KithError(.unavailable, "The daemon cannot be reached at `\(path)`: \(String(cString: strerror(reason))).")
        }
    }
}

/// Connects `descriptor` to the Unix socket at `path`; false with `errno` set if that fails.
private func open(_ descriptor: Int32, to path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
        errno = ENAMETOOLONG
        return false
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
}
