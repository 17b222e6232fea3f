import CLinux
import Glibc
import KithAPI

/// An open file descriptor, closed with its last reference.
///
/// A reference type because it owns what the kernel gave it.
final class Descriptor: Sendable {
    let raw: Int32

    /// Takes over `raw`; throws what `errno` says if it is negative.
    init(owning raw: Int32) throws(Errno) {
        guard raw >= 0 else { throw Errno.last }
        self.raw = raw
    }

    deinit { close(raw) }

    /// The top of the file system, as a place.
    static func top() throws(Errno) -> Descriptor {
        try Descriptor(owning: open("/", kith_o_path | O_DIRECTORY | O_CLOEXEC))
    }

    /// Opens `path` below this folder, under the rules of `resolve`; tries again while others rename.
    func resolving(_ path: [UInt8], _ flags: Int32, resolve: UInt32) throws(Errno) -> Descriptor {
        for _ in 0..<Self.attempts {
            let opened = path.withPath { kith_openat2(raw, $0, flags | O_CLOEXEC, 0, resolve) }
            if opened < 0, errno == EAGAIN || errno == EINTR { continue }
            return try Descriptor(owning: opened)
        }
        throw Errno(code: EAGAIN)
    }

    private static let attempts = 32

    /// Opens the entry `name` of this folder; never through a link.
    func entry(_ name: FileName, _ flags: Int32, mode: mode_t = 0) throws(Errno) -> Descriptor {
        let opened = name.bytes.withPath { openat(raw, $0, flags | O_NOFOLLOW | O_CLOEXEC, mode) }
        return try Descriptor(owning: opened)
    }

    /// The same object, opened anew through /proc: what was checked is what is opened.
    func reopened(_ flags: Int32) throws(Errno) -> Descriptor {
        try Descriptor(owning: open(procPath, flags | O_CLOEXEC | O_NOCTTY))
    }

    /// Reads at most `wanted` bytes at `offset`; fewer only at the end of the file.
    func read(_ wanted: Int, at offset: Int) throws(Errno) -> [UInt8] {
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while count < wanted {
                let got = pread(raw, buffer.baseAddress.map { $0 + count }, wanted - count, offset + count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = Errno.last }
                guard got > 0 else { break }
                count += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: [UInt8], at offset: Int) throws(Errno) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(raw, $0.baseAddress.map { $0 + done }, $0.count - done, offset + done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Errno.last }
            done += count
        }
    }

    /// Where the kernel shows this descriptor.
    var procPath: String { "/proc/self/fd/\(raw)" }

    /// Where the object really is; throws if it is not in our tree.
    func realPath() throws(Errno) -> DiskPath {
        let bytes = try Self.readLink(AT_FDCWD, Array(procPath.utf8))
        guard bytes.first == DiskPath.slash else { throw Errno(code: ENOENT) }
        return DiskPath(bytes: bytes)
    }

    /// Where the link `path` in `folder` points.
    static func readLink(_ folder: Int32, _ path: [UInt8]) throws(Errno) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: RequestedPath.maximumBytes + 1)
        let capacity = buffer.count
        let count = path.withPath { readlinkat(folder, $0, &buffer, capacity) }
        guard count >= 0 else { throw Errno.last }
        guard count < capacity else { throw Errno(code: ENAMETOOLONG) }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// What the object is.
    func status() throws(Errno) -> FileStatus {
        var raw = stat()
        try Errno.check(fstat(self.raw, &raw))
        return FileStatus(raw)
    }

    /// What the entry `name` of this folder is, links not followed.
    func status(of name: FileName) throws(Errno) -> FileStatus {
        var raw = stat()
        try Errno.check(name.bytes.withPath { fstatat(self.raw, $0, &raw, AT_SYMLINK_NOFOLLOW) })
        return FileStatus(raw)
    }
}

extension [UInt8] {
    /// The bytes as a C path; the caller has refused NUL at the door.
    func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { buffer in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: self)
            buffer[count] = 0
            return withUnsafePointer(to: CChar(0)) { body(UnsafePointer(buffer.baseAddress) ?? $0) }
        }
    }
}
