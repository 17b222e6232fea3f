import CLinux
import Glibc
import KithAPI
import KithDigest

/// One file on its way to its place: it has no name there until it is whole, verified and on disk.
///
/// A reference type because it owns a temporary name, which goes away with it.
final class FileWriter {
    let header: TransferHeader
    let target: Target
    private let descriptor: Descriptor
    private var partName: FileName?
    private let sha = SHA256()

    /// Opens a temporary file beside `target`: one without a name, where the file system has such.
    init(_ header: TransferHeader, at target: Target, unnamed: Bool = true) throws(KithError) {
        try target.refuseFolder()
        self.header = header
        self.target = target
        (descriptor, partName) = try explaining("written", target.path.text) { () throws(Errno) in
            if unnamed, let file = try Self.unnamed(beside: target) { return file }
            return try Self.named(beside: target)
        }
    }

    deinit { removePart() }

    /// It vanishes by itself, even with the machine; nil where the file system has no such files.
    private static func unnamed(beside target: Target) throws(Errno) -> (Descriptor, FileName?)? {
        let opened = openat(target.folder.descriptor.raw, ".", kith_o_tmpfile | O_WRONLY | O_CLOEXEC, 0o600)
        if opened < 0, [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(errno) { return nil }
        return (try Descriptor(owning: opened), nil)
    }

    private static func named(beside target: Target) throws(Errno) -> (Descriptor, FileName?) {
        let name = target.partName()
        return (try target.folder.descriptor.entry(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600), name)
    }

    /// Appends `bytes` and hashes them.
    func write(_ bytes: [UInt8]) throws(KithError) {
        try explaining("written", target.path.text) { () throws(Errno) in try writeAll(bytes) }
        sha.update(bytes)
    }

    private func writeAll(_ bytes: [UInt8]) throws(Errno) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor.raw, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Errno.last }
            done += count
        }
    }

    /// Verifies what was written and puts it in place of what stands there.
    func commit(_ trailer: TransferTrailer) throws(KithError) -> TransferOutcome {
        if let error = trailer.error { throw error }
        let digest = sha.finish().hexadecimal
        guard trailer.sha256 == digest else {
            throw KithError(
                .fileChecksum, "`\(target.path.text)` did not arrive as it was sent.",
                hint: "Send it again; the old file stands.")
        }
        try explaining("written", target.path.text) { () throws(Errno) in try settle() }
        try target.refuseFolder()
        try explaining("placed", target.path.text) { () throws(Errno) in try place() }
        return TransferOutcome(path: target.path.text, size: header.size, sha256: digest)
    }

    private func settle() throws(Errno) {
        try Errno.check(fchmod(descriptor.raw, header.permissions))
        try Errno.check(futimens(descriptor.raw, header.times))
        try Errno.check(fsync(descriptor.raw))
    }

    private func place() throws(Errno) {
        let folder = target.folder.descriptor.raw
        if partName == nil, try !linked(as: target.name) {
            let part = target.partName()
            guard try linked(as: part) else { throw Errno(code: EEXIST) }
            partName = part
        }
        if let partName {
            try target.rename(partName, in: folder)
            self.partName = nil
        }
        try target.folder.sync()
    }

    /// Gives the unnamed file a name; false if something has it.
    private func linked(as name: FileName) throws(Errno) -> Bool {
        let result = name.bytes.withPath {
            linkat(AT_FDCWD, descriptor.procPath, target.folder.descriptor.raw, $0, AT_SYMLINK_FOLLOW)
        }
        if result < 0, errno == EEXIST { return false }
        try Errno.check(result)
        return true
    }

    private func removePart() {
        guard let partName else { return }
        _ = partName.bytes.withPath { unlinkat(target.folder.descriptor.raw, $0, 0) }
    }
}

extension TransferHeader {
    /// Permissions as we give them: what runs as somebody else is never taken over from another machine.
    var permissions: mode_t { mode_t(truncatingIfNeeded: mode) & 0o777 }

    /// Access and change, for `futimens`.
    var times: [timespec] { [timespec(nanoseconds: modified), timespec(nanoseconds: modified)] }
}
