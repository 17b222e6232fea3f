import KithAPI
import KithDigest

/// One file that is written from a stream, on a queue of its own.
actor Pen {
    private nonisolated let executor = DiskExecutor("pen")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let target: Target
    private let mode: Int
    private let seconds: Int
    private let file: TemporaryFile
    private let hashed = HashLine()
    private var size = 0

    /// Begins a file without a name beside `target`.
    init(_ target: Target, mode: Int, at seconds: Int) throws(KithError) {
        try target.refuseFolder()
        self.target = target
        self.mode = mode
        self.seconds = seconds
        file = try explaining("written", target.path.text) { () throws(Errno) in
            try TemporaryFile(at: target, size: 0, unnamed: true)
        }
    }

    func write(_ bytes: [UInt8]) throws(KithError) {
        hashed.update(bytes)
        try explaining("written", target.path.text) { () throws(Errno) in
            try file.descriptor.write(bytes, at: size)
        }
        size += bytes.count
    }

    /// Puts it on disk and in its place.
    func finish() throws(KithError) -> TransferOutcome {
        let header = EntryHeader(
            source: 0, path: [], kind: .file, size: size, mode: mode, modified: seconds * 1_000_000_000)
        try explaining("written", target.path.text) { () throws(Errno) in
            try file.settle(header)
            try file.sync()
        }
        try file.place(at: target)
        try explaining("placed", target.path.text) { () throws(Errno) in try target.folder.sync() }
        return TransferOutcome(path: target.path.text, size: size, sha256: hashed.finish().hexadecimal)
    }
}
