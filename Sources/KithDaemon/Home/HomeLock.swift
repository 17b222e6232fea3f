import Glibc
import KithAPI
import KithClient

/// Holds a home for one daemon: an `flock` on `lock` in its data folder, which the system releases
/// however the process ends.
struct HomeLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: ``KithError`` `daemon.running` with the other daemon's process id.
    init(_ folders: Folders) throws(KithError) {
        let path = folders.lock
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw KithError(.fileIO, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            let process = folders.holder.map { " (process \($0))" } ?? ""
            throw KithError(
                .daemonRunning, "A daemon of this home is running already\(process).",
                hint: "See `kith status`; `kith restart` replaces it.")
        }
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        pwrite(descriptor, text, text.utf8.count, 0)
    }

    deinit { close(descriptor) }
}
