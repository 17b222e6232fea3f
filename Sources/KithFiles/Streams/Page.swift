import KithAPI
import KithDigest

/// One file that is read as a stream, on a queue of its own.
actor Page {
    private nonisolated let executor = DiskExecutor("page")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let origin: Origin
    private var reader: ContentReader
    private var digest: [UInt8] = []
    /// Zeros of a hole that are still to be sent.
    private var zeros = 0

    /// Opens the file that `found` is.
    init(_ found: Found) throws(KithError) {
        switch found.status.kind {
        case .file: origin = Origin(place: .found(found.descriptor), path: found.path, status: found.status)
        case .directory: throw KithError(.fileIsFolder, "`\(found.path.text)` is a folder.")
        default: throw KithError(.fileIO, "`\(found.path.text)` is not a file.")
        }
        guard origin.status.size <= ByteCount.largest else { throw Walk.tooLarge(found.path) }
        reader = try ContentReader(origin, after: nil, blocks: [])
    }

    /// The next bytes; nil at the end.
    func next() throws(KithError) -> [UInt8]? {
        guard zeros == 0 else { return nextZeros() }
        switch try reader.next() {
        case .data(let bytes): return bytes
        case .hole(let count):
            zeros = count
            return nextZeros()
        case .finish(let digest):
            self.digest = digest
            return nil
        }
    }

    private func nextZeros() -> [UInt8] {
        let count = min(zeros, ContentReader.pieceSize)
        zeros -= count
        return [UInt8](repeating: 0, count: count)
    }

    func outcome() -> TransferOutcome {
        TransferOutcome(path: origin.path.text, size: origin.status.size, sha256: digest.hexadecimal)
    }
}
