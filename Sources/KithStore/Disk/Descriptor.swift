import Glibc
import KithAPI

/// An open file of ours, closed when it goes; every call blocks, so only queues of our own may use it.
struct Descriptor: ~Copyable {
    private let number: Int32
    /// Where the file was opened.
    let path: String

    /// Opens `path` without following a link and without handing it to children; new files get mode 0600.
    init(_ path: String, _ flags: Int32) throws {
        number = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        self.path = path
        guard number >= 0 else { throw KithError(errno: errno, "Opening \(path)") }
    }

    deinit { close(number) }

    /// How many bytes the file has now.
    func size() throws -> Int {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw KithError(errno: errno, "Looking at \(path)") }
        return Int(status.st_size)
    }

    /// Makes the file readable and writable by its owner alone, whatever it was before.
    func makePrivate() throws {
        guard fchmod(number, 0o600) == 0 else { throw KithError(errno: errno, "Protecting \(path)") }
    }

    /// Takes the lock that only one process can hold; false if another one has it.
    func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

    /// Writes all of `bytes` at the file's position (its end, if opened for appending).
    func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw KithError(errno: errno, "Writing \(path)") }
            start += count
        }
    }

    /// Up to `count` bytes from `offset` on; empty at the end of the file.
    func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let got = pread(number, buffer.baseAddress, count, off_t(offset))
            if got < 0 { failure = errno }
            initialized = max(0, got)
        }
        guard failure == 0 else { throw KithError(errno: failure, "Reading \(path)") }
        return bytes
    }

    /// Cuts the file to `size` bytes.
    func truncate(to size: Int) throws {
        guard ftruncate(number, off_t(size)) == 0 else { throw KithError(errno: errno, "Cutting \(path)") }
    }

    /// Returns once the content is on the disk.
    func synchronize() throws {
        guard fdatasync(number) == 0 else { throw KithError(errno: errno, "Saving \(path)") }
    }
}
