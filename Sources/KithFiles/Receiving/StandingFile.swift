import Glibc
import KithAPI

/// A file that stands where one of the same size and time is to be.
struct StandingFile {
    private let descriptor: Descriptor
    private let status: FileStatus

    /// Opens what stands at `target`; nil unless it is such a file.
    init?(_ target: Target, like header: EntryHeader) {
        guard
            let descriptor = try? target.folder.descriptor.entry(target.name, O_RDONLY | O_NONBLOCK | O_NOCTTY),
            let status = try? descriptor.status(), status.kind == .file, status.size == header.size,
            status.modified == header.modified
        else { return nil }
        self.descriptor = descriptor
        self.status = status
    }

    /// The hash of its content; nil if it cannot be read.
    var hash: [UInt8]? { try? descriptor.fileHash(size: status.size) }

    /// Only the content is the same for sure. What may not be changed stays as it is.
    func setMode(_ header: EntryHeader) {
        guard status.mode & 0o777 != Int(header.permissions) else { return }
        fchmod(descriptor.raw, header.permissions)
    }
}
