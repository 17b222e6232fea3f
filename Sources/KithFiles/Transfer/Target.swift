import Glibc
import KithAPI

/// A name in an open folder, where an entry is to stand.
struct Target: Sendable {
    let folder: Folder
    let name: FileName

    var path: DiskPath { folder.path.appending(name) }

    /// A file never takes the place of a folder.
    func refuseFolder() throws(KithError) {
        guard let standing = try? folder.descriptor.status(of: name), standing.kind == .directory else { return }
        throw KithError(
            .fileIsFolder, "`\(path.text)` is a folder.",
            hint: "End the destination with `/` to place it into that folder.")
    }

    /// A name that nothing has, beside the target.
    func partName() -> FileName {
        let mark = String(UInt64.random(in: .min ... .max), radix: 36)
        return FileName(Array(".".utf8) + name.bytes.prefix(200) + Array(".kith-part-\(mark)".utf8))
    }

    /// Puts `part` in the place of whatever has the name.
    func rename(_ part: FileName, in folder: Int32) throws(Errno) {
        try Errno.check(part.bytes.withPath { from in name.bytes.withPath { renameat(folder, from, folder, $0) } })
    }

    /// Makes a link that points where `header` says; nothing looks at what is there.
    func link(_ header: TransferHeader) throws(KithError) -> TransferOutcome {
        guard let text = header.target, !text.isEmpty, text.utf8.count < RequestedPath.maximumBytes,
            !text.utf8.contains(0)
        else {
            throw KithError(.requestInvalid, "The link `\(path.text)` has no usable target.")
        }
        try refuseFolder()
        try explaining("placed", path.text) { () throws(Errno) in try link(to: Array(text.utf8), header) }
        return TransferOutcome(path: path.text)
    }

    private func link(to target: [UInt8], _ header: TransferHeader) throws(Errno) {
        let part = partName()
        let raw = folder.descriptor.raw
        try Errno.check(target.withPath { target in part.bytes.withPath { symlinkat(target, raw, $0) } })
        do throws(Errno) {
            try Errno.check(part.bytes.withPath { utimensat(raw, $0, header.times, AT_SYMLINK_NOFOLLOW) })
            try rename(part, in: raw)
        } catch {
            _ = part.bytes.withPath { unlinkat(raw, $0, 0) }
            throw error
        }
        try folder.sync()
    }
}
