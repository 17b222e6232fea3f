import Glibc
import KithAPI
import KithDigest

/// Reads one file into frames: its content, then the trailer.
struct FileReader {
    /// How much is read and sent at once: enough for the speed of a disk, little enough for a queue of them.
    static let pieceSize = 256 << 10

    private let descriptor: Descriptor
    private let found: Found
    private let sha = SHA256()
    private var missing: Int
    private var isDone = false

    /// Opens the file that `found` is; nothing that could block or act is ever opened.
    init(_ found: Found) throws(KithError) {
        self.found = found
        missing = found.status.size
        descriptor = try explaining("read", found.path.text) { () throws(Errno) in
            try found.descriptor.reopened(O_RDONLY | O_NONBLOCK)
        }
    }

    /// The next frame; nil after the trailer.
    mutating func next() -> (kind: Frame.Kind, payload: Payload)? {
        guard !isDone else { return nil }
        do throws(KithError) {
            guard missing > 0 else { return trailer(try digest()) }
            let bytes = try explaining("read", found.path.text, chunk)
            guard !bytes.isEmpty else { throw changed }
            missing -= bytes.count
            sha.update(bytes)
            return (.data, .bytes(bytes))
        } catch {
            return trailer(TransferTrailer(error: error))
        }
    }

    /// What a frame carries, before it is written as JSON.
    enum Payload {
        case bytes([UInt8])
        case trailer(TransferTrailer)
    }

    private mutating func trailer(_ trailer: TransferTrailer) -> (Frame.Kind, Payload) {
        isDone = true
        return (.event, .trailer(trailer))
    }

    /// The hash, if the file is still what the header said.
    private func digest() throws(KithError) -> TransferTrailer {
        let now = try explaining("read", found.path.text) { () throws(Errno) in try descriptor.status() }
        guard now.size == found.status.size, now.modified == found.status.modified else { throw changed }
        return TransferTrailer(sha256: sha.finish().hexadecimal)
    }

    private var changed: KithError {
        KithError(
            .conflict, "`\(found.path.text)` changed while it was read.",
            hint: "Send it again when nothing writes to it.")
    }

    /// At most ``pieceSize``; empty at the end of the file.
    private func chunk() throws(Errno) -> [UInt8] {
        let wanted = min(missing, Self.pieceSize)
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while count < wanted {
                let got = read(descriptor.raw, buffer.baseAddress.map { $0 + count }, wanted - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = Errno.last }
                guard got > 0 else { break }
                count += got
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
