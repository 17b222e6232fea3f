import CLinux
import Glibc
import KithAPI

/// What has arrived of a large file, beside its target, under a name by which the next transfer finds it again.
///
/// Nothing in it is believed: its blocks are compared with the sender's. While a transfer writes to it, it is
/// locked; another one to the same target then does without.
struct PartFile: Sendable {
    /// A smaller file is sent again from its beginning.
    static let minimumSize = 1 << 20
    /// How the names of parts end; they begin with a dot.
    static let ending = Array(".kith-part".utf8)
    /// A part that nobody went on with for so many seconds is removed by the next transfer into its folder.
    static let secondsToLive = 7 * 24 * 3_600

    let descriptor: Descriptor
    let name: FileName
    /// Bytes that are there.
    let length: Int

    /// `.NAME.kith-part`; a name too long for that is cut.
    static func name(for target: FileName) -> FileName {
        FileName([UInt8(ascii: ".")] + target.bytes.prefix(255 - 1 - ending.count) + ending)
    }

    /// Whether there is a part of what is to stand at `target`.
    static func stands(at target: Target) -> Bool {
        guard let status = try? target.folder.descriptor.status(of: name(for: target.name)) else { return false }
        return status.kind == .file && status.size > 0
    }

    /// How many bytes of what is to stand at `target`, `size` in all, have arrived; for looking only.
    static func length(at target: Target, size: Int) -> Int {
        guard size >= minimumSize, let status = try? target.folder.descriptor.status(of: name(for: target.name)),
            status.kind == .file
        else { return 0 }
        return min(status.size, size)
    }

    /// Opens the part of `target`, or begins one, and locks it. Nil where that must not be: something else has the
    /// name, it is not ours alone, or another transfer holds it.
    ///
    /// - Throws: what keeps us from writing there at all.
    static func open(at target: Target, size: Int) throws(Errno) -> PartFile? {
        let name = name(for: target.name)
        let descriptor: Descriptor
        do throws(Errno) {
            unlock(name, in: target.folder)
            descriptor = try target.folder.descriptor.entry(name, O_RDWR | O_CREAT | O_NONBLOCK, mode: 0o600)
        } catch {
            guard [ELOOP, EISDIR, ENXIO, EACCES].contains(error.code) else { throw error }
            return nil
        }
        guard flock(descriptor.raw, LOCK_EX | LOCK_NB) == 0 else { return nil }
        let status = try descriptor.status()
        guard status.kind == .file, status.links == 1, status.owner == geteuid(),
            (try? target.folder.descriptor.status(of: name))?.identity == status.identity
        else { return nil }
        if status.size > size { try Errno.check(ftruncate(descriptor.raw, size)) }
        return PartFile(descriptor: descriptor, name: name, length: min(status.size, size))
    }

    /// A part that was whole when its transfer ended may have its file's mode already.
    private static func unlock(_ name: FileName, in folder: Folder) {
        guard let place = try? folder.descriptor.entry(name, kith_o_path), let status = try? place.status(),
            status.kind == .file, status.links == 1, status.owner == geteuid(), status.mode & 0o600 != 0o600
        else { return }
        chmod(place.procPath, 0o600)
    }

    /// Removes parts in `folder` that nobody went on with for ``secondsToLive``. Looks at 10,000 names at most.
    static func sweep(_ folder: Folder, now: Int) {
        let parts = (try? folder.descriptor.names(ending: ending, among: 10_000)) ?? []
        for name in parts where name.bytes.first == UInt8(ascii: ".") && name.bytes.count > ending.count + 1 {
            guard let status = try? folder.descriptor.status(of: name), status.owner == geteuid(),
                status.kind == .file || status.kind == .symlink, status.touched < now - secondsToLive
            else { continue }
            guard status.kind == .symlink || isFree(name, in: folder) else { continue }
            _ = name.bytes.withPath { unlinkat(folder.descriptor.raw, $0, 0) }
        }
    }

    private static func isFree(_ name: FileName, in folder: Folder) -> Bool {
        guard let descriptor = try? folder.descriptor.entry(name, O_RDONLY | O_NONBLOCK) else { return false }
        return flock(descriptor.raw, LOCK_EX | LOCK_NB) == 0
    }
}
