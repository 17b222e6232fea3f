import Glibc
import KithAPI

/// Which file a path means, and in which state: it differs when the file was replaced or written to.
public struct FileIdentity: Sendable, Equatable {
    let device: UInt64
    let number: UInt64
    let size: Int64
    let changedAt: [Int]

    /// The file behind `path`, links followed; nil if there is none.
    public init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The file behind an open descriptor.
    init?(of descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
        size = Int64(status.st_size)
        // The time of change cannot be set by anyone; that of modification is left out for it says less.
        changedAt = [Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec)]
    }

    /// As one word.
    public var text: String { "\(device):\(number):\(size):\(changedAt[0]):\(changedAt[1])" }

    /// Reads ``text``.
    init?(text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 5, let device = UInt64(parts[0]), let number = UInt64(parts[1]),
            let size = Int64(parts[2]), let seconds = Int(parts[3]), let nanoseconds = Int(parts[4])
        else { return nil }
        (self.device, self.number, self.size, changedAt) = (device, number, size, [seconds, nanoseconds])
    }
}
