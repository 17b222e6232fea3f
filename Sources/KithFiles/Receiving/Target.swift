import Glibc
import KithAPI

/// A name in an open folder, where an entry is to stand.
struct Target: Sendable {
    let folder: Folder
    let name: FileName

    var path: DiskPath { folder.path.appending(name) }

    /// A file never takes the place of a folder.
    func refuseFolder() throws(KithError) {
        guard standing?.kind != .directory else { throw isFolder }
    }

    var isFolder: KithError {
        KithError(
            .fileIsFolder, "`\(path.text)` is a folder.",
            hint: "End the destination with `/` to place it into that folder.")
    }

    /// A file that the whole file system could not hold would only cost us the time to take its holes. What is free
    /// says nothing: a sparse file may be larger.
    ///
    /// - Throws: ``KithError`` `file.no_space`.
    func refuseBeyondDisk(_ size: Int) throws(KithError) {
        var facts = statvfs()
        guard size > PartFile.minimumSize, fstatvfs(folder.descriptor.raw, &facts) == 0 else { return }
        let (room, isEndless) = UInt(facts.f_blocks).multipliedReportingOverflow(by: UInt(facts.f_frsize))
        guard !isEndless, room > 0, UInt(size) > room else { return }
        throw Errno(code: ENOSPC).explained("written", path.text)
    }

    /// What stands there; nil for nothing.
    var standing: FileStatus? { try? folder.descriptor.status(of: name) }

    /// A name that nothing has, beside the target.
    func freshName() -> FileName {
        let mark = String(UInt64.random(in: .min ... .max), radix: 36)
        return FileName(Array(".".utf8) + name.bytes.prefix(200) + Array("-\(mark)".utf8) + PartFile.ending)
    }

    /// Puts `part` in the place of whatever has the name.
    func rename(_ part: FileName, in folder: Int32) throws(Errno) {
        try Errno.check(part.bytes.withPath { from in name.bytes.withPath { renameat(folder, from, folder, $0) } })
    }

    /// Whether a link stands there that points to `target`.
    func isLink(to target: [UInt8]) -> Bool {
        standing?.kind == .symlink && (try? Descriptor.readLink(folder.descriptor.raw, name.bytes)) == target
    }

    /// Makes a link that points where `header` says; nothing looks at what is there. Not on disk until the folder is.
    func link(_ header: EntryHeader) throws(KithError) {
        guard !header.target.isEmpty, header.target.count < RequestedPath.maximumBytes, !header.target.contains(0)
        else {
            throw KithError(.requestInvalid, "The link `\(path.text)` has no usable target.")
        }
        try refuseFolder()
        try explaining("placed", path.text) { () throws(Errno) in try makeLink(header) }
    }

    private func makeLink(_ header: EntryHeader) throws(Errno) {
        let part = freshName()
        let raw = folder.descriptor.raw
        try Errno.check(header.target.withPath { target in part.bytes.withPath { symlinkat(target, raw, $0) } })
        do throws(Errno) {
            try Errno.check(part.bytes.withPath { utimensat(raw, $0, header.times, AT_SYMLINK_NOFOLLOW) })
            try rename(part, in: raw)
        } catch {
            _ = part.bytes.withPath { unlinkat(raw, $0, 0) }
            throw error
        }
    }
}

extension EntryHeader {
    /// Permissions as we give them: what runs as somebody else is never taken over from another machine.
    var permissions: mode_t { mode_t(truncatingIfNeeded: mode) & 0o777 }

    /// Access and change, for `futimens`.
    var times: [timespec] { [timespec(nanoseconds: modified), timespec(nanoseconds: modified)] }
}
