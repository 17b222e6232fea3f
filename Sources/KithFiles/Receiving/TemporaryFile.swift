import CLinux
import Glibc
import KithAPI

/// The file in which content waits for its place: without a name, as a part that can be gone on with, or under a
/// passing name where the file system knows no other way.
///
/// A reference type because it owns what it is called until then.
final class TemporaryFile: Sendable {
    private enum Name: Sendable {
        case none
        case passing(FileName)
        case part(FileName)
    }

    let descriptor: Descriptor
    private let name: Name
    private let folder: Descriptor?

    /// Opens one for what is to stand at `target`.
    init(at target: Target, size: Int, unnamed: Bool) throws(Errno) {
        if size >= PartFile.minimumSize, unnamed, let part = try PartFile.open(at: target, size: size) {
            try Errno.check(ftruncate(part.descriptor.raw, 0))
            (descriptor, name, folder) = (part.descriptor, .part(part.name), target.folder.descriptor)
        } else if unnamed, let file = try Self.unnamed(beside: target) {
            (descriptor, name, folder) = (file, .none, nil)
        } else {
            let passing = target.freshName()
            descriptor = try target.folder.descriptor.entry(passing, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
            (name, folder) = (.passing(passing), target.folder.descriptor)
        }
    }

    /// Goes on with `part`, which stands in `folder`.
    init(_ part: PartFile, in folder: Folder) {
        descriptor = part.descriptor
        name = .part(part.name)
        self.folder = folder.descriptor
    }

    deinit {
        if case .passing(let name) = name, let folder { _ = name.bytes.withPath { unlinkat(folder.raw, $0, 0) } }
    }

    /// It vanishes by itself, even with the machine; nil where the file system has no such files.
    private static func unnamed(beside target: Target) throws(Errno) -> Descriptor? {
        let opened = openat(target.folder.descriptor.raw, ".", kith_o_tmpfile | O_RDWR | O_CLOEXEC, 0o600)
        if opened < 0, [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(errno) { return nil }
        return try Descriptor(owning: opened)
    }

    /// Whether what is in it outlives a transfer that breaks off.
    var isKept: Bool { if case .part = name { true } else { false } }

    /// The disk refused something: what is there is not worth its room.
    func spoil() {
        guard case .part(let name) = name, let folder else { return }
        _ = name.bytes.withPath { unlinkat(folder.raw, $0, 0) }
    }

    /// Gives it the size, mode and time of `header`.
    func settle(_ header: EntryHeader) throws(Errno) {
        try Errno.check(fchmod(descriptor.raw, header.permissions))
        try Errno.check(futimens(descriptor.raw, header.times))
    }

    /// Makes sure that the content survives a loss of power.
    func sync() throws(Errno) { try Errno.check(fsync(descriptor.raw)) }

    /// Puts it in place of what stands at `target`. Not on disk until the folder is.
    func place(at target: Target) throws(KithError) {
        do throws(Errno) {
            try rename(to: target)
        } catch {
            if target.standing?.kind == .directory { throw target.isFolder }
            throw error.explained("placed", target.path.text)
        }
    }

    private func rename(to target: Target) throws(Errno) {
        let folder = target.folder.descriptor.raw
        switch name {
        case .part(let name), .passing(let name): try target.rename(name, in: folder)
        case .none:
            if try linked(as: target.name, in: folder) { return }
            let passing = target.freshName()
            guard try linked(as: passing, in: folder) else { throw Errno(code: EEXIST) }
            do throws(Errno) {
                try target.rename(passing, in: folder)
            } catch {
                _ = passing.bytes.withPath { unlinkat(folder, $0, 0) }
                throw error
            }
        }
    }

    /// Gives the unnamed file a name; false if something has it.
    private func linked(as name: FileName, in folder: Int32) throws(Errno) -> Bool {
        let result = name.bytes.withPath {
            linkat(AT_FDCWD, descriptor.procPath, folder, $0, AT_SYMLINK_FOLLOW)
        }
        if result < 0, errno == EEXIST { return false }
        try Errno.check(result)
        return true
    }
}
