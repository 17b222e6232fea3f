import Glibc
import KithAPI

/// Holds a home for one daemon: an `flock` on `lock` in its data folder, which the system releases
/// however the process ends.
struct HomeLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: ``KithError`` `daemon.running` with the other daemon's process id.
    init(folder: String) throws(KithError) {
        let path = folder + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw KithError(.fileIO, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.read(descriptor)
            close(descriptor)
            throw KithError(
                .daemonRunning, "A daemon of this home is running already (process \(holder)).",
                hint: "See `kith status`.")
        }
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        pwrite(descriptor, text, text.utf8.count, 0)
    }

    deinit { close(descriptor) }

    /// The process that holds the home of `folder`; nil if none does.
    static func holder(in folder: String) -> String? {
        let descriptor = open(folder + "/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? nil : read(descriptor)
    }

    private static func read(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
